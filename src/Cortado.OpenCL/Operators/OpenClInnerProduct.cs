using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// A fully connected product: a streaming matrix-vector product for a few examples, a matrix product for more. The weights are always the
/// operand that is read once; for that the product is computed transposed where need be.
/// </summary>
internal sealed class OpenClInnerProduct : IInnerProduct
{
    private readonly OpenClBackend _backend;
    private readonly InnerProductSpec _spec;
    private readonly IGemm? _forward;
    private readonly IFewExamples? _forwardFew;
    private IGemm? _backwardData, _backwardWeights;
    private Kernel? _biasSums;
    private long _biasItems;

    public OpenClInnerProduct(OpenClBackend backend, InnerProductSpec spec)
    {
        _backend = backend;
        _spec = spec;
        if (spec.Batch <= Gemv.MaxBatch) _forwardFew = PanelGemv.Suits(backend, spec) ? new PanelGemv(backend, backend.MatrixKernels.Panels, spec) : new Gemv(backend, spec);
        else
            _forward = backend.MatrixKernels.Gemm(WeightsAreLeft
                ? new GemmShape(spec.Outputs, spec.Batch, spec.Inputs, spec.TransposedWeights, true, true, false) { FrozenLeft = spec.FrozenWeights }
                : new GemmShape(spec.Batch, spec.Outputs, spec.Inputs, false, false, false, false));
    }

    // Transposed weights would be the right operand, but only a left one is packed once.
    private bool WeightsAreLeft => !_spec.TransposedWeights || (_spec.FrozenWeights && !_backend.UsesCpuKernels);

    public void Forward(DeviceBuffer input, DeviceBuffer weights, DeviceBuffer? bias, DeviceBuffer output)
    {
        if (_forwardFew != null) _forwardFew.Run(input, weights, bias, output);
        else if (WeightsAreLeft) _forward!.Run(weights, input, bias, null, _spec.FuseRelu, output);
        else _forward!.Run(input, weights, null, bias, _spec.FuseRelu, output);
    }

    public void BackwardData(DeviceBuffer outputDiff, DeviceBuffer weights, DeviceBuffer inputDiff)
    {
        _backwardData ??= _backend.MatrixKernels.Gemm(_spec.TransposedWeights
            ? new GemmShape(_spec.Inputs, _spec.Batch, _spec.Outputs, false, true, true, false)
            : new GemmShape(_spec.Batch, _spec.Inputs, _spec.Outputs, false, false, false, false));
        if (_spec.TransposedWeights) _backwardData.Run(weights, outputDiff, null, null, false, inputDiff);
        else _backwardData.Run(outputDiff, weights, null, null, false, inputDiff);
    }

    public void BackwardWeights(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer? weightsDiff, DeviceBuffer? biasDiff)
    {
        if (weightsDiff != null)
        {
            _backwardWeights ??= _backend.MatrixKernels.Gemm(_spec.TransposedWeights
                ? new GemmShape(_spec.Inputs, _spec.Outputs, _spec.Batch, true, false, false, true)
                : new GemmShape(_spec.Outputs, _spec.Inputs, _spec.Batch, true, false, false, true));
            if (_spec.TransposedWeights) _backwardWeights.Run(input, outputDiff, null, null, false, weightsDiff);
            else _backwardWeights.Run(outputDiff, input, null, null, false, weightsDiff);
        }
        if (biasDiff == null) return;
        if (_biasSums == null)
        {
            ElementTuning tuning = ElementTuning.Columns(_backend);
            _biasSums = _backend.CreateKernel("gemv.cl", tuning.CompileOptions, "column_sums", tuning.WorkGroup);
            _biasItems = tuning.Items(_spec.Outputs);
        }
        _biasSums.Read(outputDiff).Update(biasDiff).Number(_spec.Batch).Number(_spec.Outputs).RunItems(_biasItems);
    }

    public void WeightsChanged()
    {
        _forwardFew?.WeightsChanged();
        _forward?.LeftChanged();
    }

    public void Dispose()
    {
        _forward?.Dispose();
        _forwardFew?.Dispose();
        _backwardData?.Dispose();
        _backwardWeights?.Dispose();
        _biasSums?.Dispose();
    }
}
