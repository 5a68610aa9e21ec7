using Mono.Cecil;

namespace Cortado.Unity.Tests.Package;

/// <summary>
/// Debian builds Mono's class library with mcs, which leaves the modifier out of the results that C# calls "ref readonly": code of any other
/// compiler then finds no ReadOnlySpan indexer there ("Method not found: !0 modreq(InAttribute)&amp; ..."). Mono's own builds, the engine's among them, have
/// it. For a test on Debian's Mono the modifier is taken out of calls into the class library, and nothing else is changed.
/// </summary>
internal static class McsModifiers
{
    /// <summary>Copies an assembly without the modifier in its calls into the class library.</summary>
    public static void CopyWithout(string source, string target)
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(source);
        foreach (MemberReference member in assembly.MainModule.GetMemberReferences())
        {
            if (member is not MethodReference method || method.ReturnType is not RequiredModifierType { ModifierType.Name: "InAttribute" } result) continue;
            string owner = method.DeclaringType.GetElementType().Scope.Name;
            if (owner is "netstandard" or "System.Memory" or "mscorlib") method.ReturnType = result.ElementType;
        }
        assembly.Write(target);
    }
}
