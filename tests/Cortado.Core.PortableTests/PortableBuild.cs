using System.Reflection;
using System.Runtime.Versioning;

namespace Cortado.Tests;

/// <summary>That these tests run what they mean to run.</summary>
public class PortableBuild
{
    [Theory]
    [InlineData(typeof(CortadoException))]
    [InlineData(typeof(Lmdb.LmdbProvider))]
    public void IsTheOneForNetStandard(Type inAssembly) =>
        Assert.Equal(".NETStandard,Version=v2.1", inAssembly.Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName);
}
