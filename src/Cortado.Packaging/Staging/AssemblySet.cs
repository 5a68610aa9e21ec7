using Mono.Cecil;

namespace Cortado.Packaging.Staging;

/// <summary>
/// Assemblies that are staged together, and the reference assembly of .NET Standard 2.1 beside them. Nothing else is ever resolved: what an
/// engine does not have must not be found by chance on the machine that builds.
/// </summary>
internal sealed class AssemblySet : IAssemblyResolver
{
    private readonly List<AssemblyDefinition> _assemblies = [];
    private readonly HashSet<string> _standardTypes;

    private AssemblySet(AssemblyDefinition standard)
    {
        Standard = standard;
        _standardTypes = standard.MainModule.Types.SelectMany(WithNested).Select(t => t.FullName).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>netstandard.dll 2.1.</summary>
    public AssemblyDefinition Standard { get; }

    /// <summary>The assemblies of the set by name, in ordinal order.</summary>
    public IEnumerable<AssemblyDefinition> Assemblies => _assemblies.OrderBy(a => a.Name.Name, StringComparer.Ordinal);

    /// <summary>Reads every assembly of a folder.</summary>
    /// <param name="files">The assemblies' files.</param>
    /// <param name="standard">The file of netstandard.dll 2.1.</param>
    public static AssemblySet Read(IEnumerable<string> files, string standard)
    {
        var set = new AssemblySet(AssemblyDefinition.ReadAssembly(standard));
        foreach (string file in files)
        {
            // Everything is read at once: names change later, and what is read lazily would look for the old ones.
            string symbols = Path.ChangeExtension(file, ".pdb");
            set._assemblies.Add(AssemblyDefinition.ReadAssembly(file, AssemblyImage.Reading(set, File.Exists(symbols) ? File.ReadAllBytes(symbols) : null)));
        }
        return set;
    }

    /// <summary>Whether .NET Standard 2.1 itself has a type.</summary>
    /// <param name="fullName">The name as Cecil spells it, nested types behind a slash.</param>
    public bool IsStandard(string fullName) => _standardTypes.Contains(fullName);

    /// <summary>An assembly of the set by the name that it has now, or null.</summary>
    public AssemblyDefinition? Find(string name) => _assemblies.Find(a => a.Name.Name == name);

    /// <summary>Takes an assembly out of the set.</summary>
    public void Remove(AssemblyDefinition assembly) => _assemblies.Remove(assembly);

    /// <summary>A type's definition where it is one of the set's, else null: types of the framework are none of ours.</summary>
    public TypeDefinition? Own(TypeReference? type)
    {
        if (type is null or GenericParameter) return null;
        if (type is TypeSpecification specification) return Own(specification.ElementType);
        if (type is TypeDefinition definition) return definition;
        if (IsStandard(type.FullName) || OwnerOf(type) is null) return null;
        TypeDefinition? resolved = type.Resolve();
        return resolved is null || resolved.Module.Assembly == Standard ? null : resolved;
    }

    /// <summary>A type's definition, be it of the set or of the framework; null where neither knows it.</summary>
    public TypeDefinition? Definition(TypeReference type) => Own(type) ?? Standard.MainModule.GetType(type.GetElementType().FullName);

    /// <inheritdoc/>
    public AssemblyDefinition Resolve(AssemblyNameReference name) => Resolve(name, new ReaderParameters());

    /// <inheritdoc/>
    public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters) =>
        Find(name.Name) ?? Standard;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AssemblyDefinition assembly in _assemblies) assembly.Dispose();
        Standard.Dispose();
    }

    /// <summary>A type and all that it holds.</summary>
    public static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private AssemblyDefinition? OwnerOf(TypeReference type) => type.Scope switch
    {
        AssemblyNameReference reference => Find(reference.Name),
        ModuleDefinition module => module.Assembly,
        _ => null,
    };
}
