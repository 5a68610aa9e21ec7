using Mono.Cecil;

namespace Cortado.Tests.Architecture;

/// <summary>What the built core and database reader may hold and refer to, so that they run wherever .NET does, ahead-of-time compiled too.</summary>
public class AssemblyRules
{
    // The base library under the names that either target gives it, and the three packages that the core stands on.
    private static readonly string[] Packages = ["Google.Protobuf", "MessagePack", "MessagePack.Annotations", "StbImageSharp"];

    private static readonly string[] BaseLibrary =
    [
        "netstandard", "System.Runtime", "System.Runtime.Intrinsics", "System.Runtime.InteropServices", "System.Runtime.CompilerServices.Unsafe",
        "System.Memory", "System.Collections", "System.Collections.Concurrent", "System.Linq", "System.Numerics.Vectors", "System.Threading",
        "System.Threading.Thread", "System.Threading.ThreadPool", "System.Threading.Tasks", "System.Threading.Tasks.Parallel",
        "System.IO.Compression", "System.IO.MemoryMappedFiles", "System.IO.Hashing", "System.Text.Json", "System.Text.RegularExpressions",
        "System.Text.Encoding.Extensions", "System.Diagnostics.Process", "System.Console", "System.Security.Cryptography",
    ];

    private static readonly string[] CodeMakers = ["System.Reflection.Emit", "Microsoft.CSharp.RuntimeBinder", "System.Linq.Expressions"];

    public static TheoryData<Type> Assemblies => new(typeof(CortadoException), typeof(Lmdb.LmdbProvider));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void HaveNoNativeCode(Type inAssembly)
    {
        using var built = new BuiltAssembly(inAssembly.Assembly);
        Assert.NotEmpty(built.Methods);
        None(built.NativeModules);
        None(built.Methods.Where(method => method.IsPInvokeImpl || method.IsNative || method.IsUnmanaged).Select(method => method.FullName));
        None(built.Uses().Where(use => use.To.FullName is "System.Runtime.InteropServices.NativeLibrary" or "System.Runtime.InteropServices.DllImportAttribute").Select(Describe));
    }

    [Fact]
    public void TheCoreRefersToItsPackagesOnly()
    {
        using var built = new BuiltAssembly(typeof(CortadoException).Assembly);
        None(built.References.Except(BaseLibrary).Except(Packages));
    }

    [Fact]
    public void TheDatabaseReaderRefersToTheCoreOnly()
    {
        using var built = new BuiltAssembly(typeof(Lmdb.LmdbProvider).Assembly);
        Assert.Contains("Cortado.Core", built.References);
        None(built.References.Except(BaseLibrary).Except(Packages).Except(["Cortado.Core"]));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void MakeNoCodeAtRunTime(Type inAssembly)
    {
        using var built = new BuiltAssembly(inAssembly.Assembly);
        None(built.Uses().Where(use => CodeMakers.Any(maker => BuiltAssembly.NamespaceOf(use.To).StartsWith(maker, StringComparison.Ordinal))).Select(Describe));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void HoldNoStaticMutableState(Type inAssembly)
    {
        using var built = new BuiltAssembly(inAssembly.Assembly);
        None(built.Types
            .Where(type => !IsCompilers(type))
            .SelectMany(type => type.Fields)
            .Where(field => field.IsStatic && !field.IsInitOnly && !field.IsLiteral && !IsCompilers(field) && !IsProtobufs(field))
            .Select(field => field.FullName));
    }

    // The compiler keeps delegates of lambdas that capture nothing in static fields of its own; nobody else can see them.
    private static bool IsCompilers(MemberReference member) =>
        member.Name.StartsWith('<') && !member.Name.EndsWith("k__BackingField", StringComparison.Ordinal);

    // The protobuf compiler's own code sets its descriptor once, before anything can read it.
    private static bool IsProtobufs(FieldDefinition field) =>
        field.FieldType.FullName == "Google.Protobuf.Reflection.FileDescriptor" && field.DeclaringType.Name == "CaffeReflection";

    private static void None(IEnumerable<string> found) => Assert.True(!found.Any(), string.Join(Environment.NewLine, found.Distinct()));

    private static string Describe((TypeDefinition From, TypeReference To) use) => $"{use.From.FullName} uses {use.To.FullName}";
}
