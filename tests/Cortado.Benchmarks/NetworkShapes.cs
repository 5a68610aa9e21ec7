using Cortado.Backends.Contracts;

namespace Cortado.Benchmarks;

/// <summary>The convolutions and fully connected layers of the networks that are measured.</summary>
internal static class NetworkShapes
{
    /// <summary>The small AlexNet on 70 x 70 images with which the project began.</summary>
    public static readonly NetworkShape Seed = new("seed",
        [
            ("conv1", Convolution(3, 70, 96, 11, stride: 4)),
            ("conv2", Convolution(96, 13, 256, 5, pad: 2, groups: 2)),
            ("conv3", Convolution(256, 6, 384, 3, pad: 1)),
            ("conv4", Convolution(384, 6, 384, 3, pad: 1, groups: 2)),
            ("conv5", Convolution(384, 6, 256, 3, pad: 1, groups: 2)),
        ],
        [("fc6", 2304, 4096), ("fc7", 4096, 4096), ("fc8", 4096, 2)]);

    /// <summary>BVLC's AlexNet on 227 x 227 images.</summary>
    public static readonly NetworkShape AlexNet = new("alexnet",
        [
            ("conv1", Convolution(3, 227, 96, 11, stride: 4)),
            ("conv2", Convolution(96, 27, 256, 5, pad: 2, groups: 2)),
            ("conv3", Convolution(256, 13, 384, 3, pad: 1)),
            ("conv4", Convolution(384, 13, 384, 3, pad: 1, groups: 2)),
            ("conv5", Convolution(384, 13, 256, 3, pad: 1, groups: 2)),
        ],
        [("fc6", 9216, 4096), ("fc7", 4096, 4096), ("fc8", 4096, 1000)]);

    private static ConvolutionSpec Convolution(int channels, int size, int outputs, int kernel, int pad = 0, int stride = 1, int groups = 1) => new()
    {
        Batch = 1,
        InChannels = channels,
        InHeight = size,
        InWidth = size,
        OutChannels = outputs,
        KernelHeight = kernel,
        KernelWidth = kernel,
        PadHeight = pad,
        PadWidth = pad,
        StrideHeight = stride,
        StrideWidth = stride,
        Groups = groups,
        FuseRelu = true,
    };
}

/// <summary>A network's layers that multiply matrices.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Convolutions">Its convolutions, for one image.</param>
/// <param name="InnerProducts">Its fully connected layers: name, inputs, outputs.</param>
internal sealed record NetworkShape(string Name, (string Name, ConvolutionSpec Spec)[] Convolutions, (string Name, int Inputs, int Outputs)[] InnerProducts);
