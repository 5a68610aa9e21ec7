using System.Collections;
using System.Reflection;
using UnityDoubles;

namespace Cortado.Unity.Tests.Package;

/// <summary>The package's own tests, which a developer runs in the engine, run here over the doubles: what is step by step there takes a frame a step here.</summary>
public class PackageTestRun
{
    public static TheoryData<string> Names() => new(Tests().Select(NameOf));

    [Theory]
    [MemberData(nameof(Names))]
    public void Run(string name)
    {
        MethodInfo test = Tests().Single(m => NameOf(m) == name);
        using var loop = new PlayerLoop();
        object? steps = Invoke(test, Activator.CreateInstance(test.DeclaringType!)!);
        if (steps is not IEnumerator frames) return;
        while (frames.MoveNext()) loop.Frame();
    }

    private static object? Invoke(MethodInfo test, object fixture) => test.Invoke(fixture, BindingFlags.DoNotWrapExceptions, null, null, null);

    private static IEnumerable<MethodInfo> Tests() =>
        Assembly.Load("Cortado.Unity.Editor.Tests").GetTypes().SelectMany(t => t.GetMethods())
            .Where(m => m.GetCustomAttributes().Any(a => a.GetType().Name is "TestAttribute" or "UnityTestAttribute"));

    private static string NameOf(MethodInfo test) => $"{test.DeclaringType!.Name}.{test.Name}";
}
