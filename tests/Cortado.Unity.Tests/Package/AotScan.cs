using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Cortado.Unity.Tests.Package;

/// <summary>What ahead-of-time compilers cannot do, found in an assembly's code: a line each, "where: what".</summary>
internal static class AotScan
{
    private static readonly Dictionary<string, string> Calls = new(StringComparer.Ordinal)
    {
        ["System.Type::MakeGenericType"] = "a generic type that no compiler saw",
        ["System.Reflection.MethodInfo::MakeGenericMethod"] = "a generic method that no compiler saw",
        ["System.Activator::CreateInstance"] = "a constructor found at run time",
        ["System.Delegate::CreateDelegate"] = "a delegate over a method found at run time",
        ["System.Reflection.MethodInfo::CreateDelegate"] = "a delegate over a method found at run time",
        ["System.Runtime.InteropServices.Marshal::GetFunctionPointerForDelegate"] = "a native callback",
        ["System.Runtime.InteropServices.Marshal::GetDelegateForFunctionPointer"] = "a delegate over native code",
        ["System.Reflection.Assembly::Load"] = "an assembly found at run time",
        ["System.Reflection.Assembly::LoadFrom"] = "an assembly found at run time",
        ["System.Type::GetType"] = "a type found by name",
    };

    public static SortedSet<string> Of(AssemblyDefinition assembly)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (TypeReference type in assembly.MainModule.GetTypeReferences())
        {
            string? what = Namespace(type);
            if (what is not null) found.Add($"{assembly.Name.Name}: {what} ({type.FullName})");
        }
        foreach (MethodDefinition method in StagedSet.Methods(assembly)) Scan(method, found);
        return found;
    }

    private static string? Namespace(TypeReference type) => type.Namespace switch
    {
        "System.Reflection.Emit" => "emits code",
        "System.Linq.Expressions" => "compiles expressions",
        "System.Dynamic" or "Microsoft.CSharp.RuntimeBinder" => "binds at run time",
        "System.Runtime.CompilerServices" when type.Name.StartsWith("CallSite", StringComparison.Ordinal) => "binds at run time",
        _ => null,
    };

    private static void Scan(MethodDefinition method, SortedSet<string> found)
    {
        string where = $"{method.Module.Assembly.Name.Name}: {method.DeclaringType.FullName}.{method.Name}";
        if (method.HasPInvokeInfo && method.Parameters.Any(p => IsDelegate(p.ParameterType))) found.Add($"{where}: a native callback");
        if (!method.HasBody) return;
        foreach (Instruction instruction in method.Body.Instructions)
        {
            switch (instruction.Operand)
            {
                case MethodReference called when Calls.TryGetValue($"{called.DeclaringType.FullName}::{called.Name}", out string? what) && IsHazard(called):
                    found.Add($"{where}: {what}");
                    break;
                case CallSite site when site.Parameters.Any(p => IsDelegate(p.ParameterType)):
                    found.Add($"{where}: a native callback");
                    break;
                case MethodReference callback when instruction.OpCode.Code is Code.Ldftn && callback.Resolve() is { } target && IsNativeCallback(target) && !target.IsStatic:
                    found.Add($"{where}: a native callback that is not static");
                    break;
            }
        }
    }

    // CreateInstance<T> is the compiler's own new T(); Type.GetType without a name is the object's.
    private static bool IsHazard(MethodReference called) => called.Name switch
    {
        "CreateInstance" => called is not GenericInstanceMethod,
        "GetType" => called.Parameters.Count > 0,
        _ => true,
    };

    private static bool IsNativeCallback(MethodDefinition method) =>
        method.CustomAttributes.Any(a => a.AttributeType.Name is "MonoPInvokeCallbackAttribute" or "UnmanagedCallersOnlyAttribute");

    private static bool IsDelegate(TypeReference type) =>
        type.FullName is "System.Delegate" or "System.MulticastDelegate" || Resolve(type)?.BaseType?.FullName == "System.MulticastDelegate";

    private static TypeDefinition? Resolve(TypeReference type) => type is GenericParameter or FunctionPointerType or PointerType or ByReferenceType or ArrayType ? null : type.Resolve();
}
