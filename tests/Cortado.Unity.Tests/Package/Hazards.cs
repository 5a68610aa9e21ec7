using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace Cortado.Unity.Tests.Package;

/// <summary>What an ahead-of-time compiler cannot do, for the scan to find. Nothing here is ever called.</summary>
internal static class Hazards
{
    public delegate void Callback();

    public static AssemblyBuilder Emits(AssemblyName name) => AssemblyBuilder.DefineDynamicAssembly(name, AssemblyBuilderAccess.Run);

    public static int Binds(dynamic value) => value.Length;

    public static Type MakesGenericType(Type argument) => typeof(List<>).MakeGenericType(argument);

    public static nint MakesCallback(Callback callback) => Marshal.GetFunctionPointerForDelegate(callback);

    [DllImport("none")]
    public static extern void GiveCallback(Callback callback);
}
