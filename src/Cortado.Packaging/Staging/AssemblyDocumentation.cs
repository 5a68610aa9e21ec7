using System.Text;
using System.Xml;
using System.Xml.Linq;
using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace Cortado.Packaging.Staging;

/// <summary>The XML documentation that development environments show, as compilers write it, without what nobody outside the assembly can see.</summary>
internal static class AssemblyDocumentation
{
    /// <summary>Cuts a documentation file down.</summary>
    /// <param name="assembly">The assembly that it is about.</param>
    /// <param name="file">The file.</param>
    public static byte[] Of(AssemblyDefinition assembly, string file)
    {
        HashSet<string> visible = Visible(assembly);
        XDocument document = XDocument.Load(file, LoadOptions.PreserveWhitespace);
        foreach (XElement member in document.Descendants("member").Where(m => !visible.Contains((string?)m.Attribute("name") ?? "")).ToArray())
        {
            if (member.PreviousNode is XText space) space.Remove();
            member.Remove();
        }
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false), NewLineChars = "\n", NewLineHandling = NewLineHandling.Replace })) document.Save(writer);
        return stream.ToArray();
    }

    private static HashSet<string> Visible(AssemblyDefinition assembly)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (TypeDefinition type in assembly.MainModule.Types.SelectMany(AssemblySet.WithNested).Where(IsVisible))
        {
            names.Add(DocCommentId.GetDocCommentId(type));
            foreach (MethodDefinition method in type.Methods.Where(IsVisible)) names.Add(DocCommentId.GetDocCommentId(method));
            foreach (FieldDefinition field in type.Fields.Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly)) names.Add(DocCommentId.GetDocCommentId(field));
            foreach (PropertyDefinition property in type.Properties.Where(p => IsVisible(p.GetMethod) || IsVisible(p.SetMethod))) names.Add(DocCommentId.GetDocCommentId(property));
            foreach (EventDefinition raised in type.Events.Where(e => IsVisible(e.AddMethod))) names.Add(DocCommentId.GetDocCommentId(raised));
        }
        return names;
    }

    private static bool IsVisible(TypeDefinition type) =>
        type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly) && IsVisible(type.DeclaringType));

    private static bool IsVisible(MethodDefinition? method) => method is { } m && (m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly);
}
