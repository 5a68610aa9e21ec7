using Cortado.Backends;

namespace Cortado.Tests.Conformance;

/// <summary>Every layer case of the golden folder: outputs, gradients, parameter gradients.</summary>
public class LayerConformance
{
    public static TheoryData<string> Cases => new(LayerCase.Names);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Layer(string name)
    {
        using IBackend backend = TestBackend.Create();
        LayerCase.Find(name).Run(backend, fusion: true).Check();
    }
}
