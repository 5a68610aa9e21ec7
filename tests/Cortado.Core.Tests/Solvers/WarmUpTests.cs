using Cortado.Backends;
using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Tests.Solvers;

public class WarmUpTests
{
    private const string Net = """
        layer { name: "data" type: "DummyData" top: "data" top: "label" dummy_data_param {
          shape { dim: 6 dim: 3 dim: 8 dim: 8 } shape { dim: 6 } data_filler { type: "gaussian" std: 1 } data_filler { type: "constant" value: 1 } } }
        layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 5 kernel_size: 3 weight_filler { type: "xavier" } } }
        layer { name: "norm" type: "BatchNorm" bottom: "conv" top: "conv" }
        layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
        layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip" inner_product_param { num_output: 7 weight_filler { type: "xavier" } } }
        layer { name: "drop" type: "Dropout" bottom: "ip" top: "ip" }
        layer { name: "ip2" type: "InnerProduct" bottom: "ip" top: "ip2" inner_product_param { num_output: 3 weight_filler { type: "xavier" } } }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip2" bottom: "label" top: "loss" }
        """;

    /// <summary>Cursors of random numbers, running statistics and gradients would each part the two trainings.</summary>
    [Fact]
    public void ATrainingThatWasWarmedUpGoesAsOneThatWasNot()
    {
        Assert.Equal(WeightsAfterThreeSteps(warmUpAt: -1), WeightsAfterThreeSteps(warmUpAt: 0));
        Assert.Equal(WeightsAfterThreeSteps(warmUpAt: -1), WeightsAfterThreeSteps(warmUpAt: 2));
    }

    private static float[][] WeightsAfterThreeSteps(int warmUpAt)
    {
        using IBackend backend = TestBackend.Create();
        NetParameter net = NetFile.Parse(Net, "net").Message;
        var parameter = new SolverParameter { NetParam = net, BaseLr = 0.1f, LrPolicy = "fixed", Momentum = 0.9f, Type = "SGD", RandomSeed = 5, MaxIter = 10 };
        using var solver = new Solver(parameter, new SolverOptions { Backend = backend, FileName = "solver" });
        for (int i = 0; i < 3; i++)
        {
            if (i == warmUpAt) solver.Net.WarmUp();
            solver.Step(1);
        }
        return solver.Net.Layers.SelectMany(layer => layer.Layer.Blobs).Select(blob => blob.ReadData().ToArray()).ToArray();
    }
}
