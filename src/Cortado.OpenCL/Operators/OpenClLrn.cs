using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>LRN across channels.</summary>
internal sealed class OpenClLrnAcrossChannels : ILrn
{
    private readonly OpenClBackend _backend;
    private readonly LrnAcrossChannelsSpec _spec;
    private readonly Kernel _forward, _scales, _apply, _backward;
    private readonly int _count;
    private readonly uint _itemsInImage, _items, _workers, _step;
    private readonly long _elementItems;

    public OpenClLrnAcrossChannels(OpenClBackend backend, LrnAcrossChannelsSpec spec)
    {
        _backend = backend;
        _spec = spec;
        ElementTuning tuning = ElementTuning.Columns(backend), elements = ElementTuning.Default(backend);
        string options = LrnOptions.Of(tuning, spec.Beta);
        _forward = backend.CreateKernel("lrn.cl", options, "lrn_across_forward", tuning.WorkGroup);
        _scales = backend.CreateKernel("lrn.cl", options, "lrn_across_scales", tuning.WorkGroup);
        _apply = backend.CreateKernel("lrn.cl", LrnOptions.Of(elements, spec.Beta), "lrn_apply", elements.WorkGroup);
        _backward = backend.CreateKernel("lrn.cl", options, "lrn_across_backward", tuning.WorkGroup);
        _count = checked(spec.Batch * spec.Channels * spec.Pixels);
        _itemsInImage = (uint)tuning.Items(spec.Pixels);
        _items = checked(_itemsInImage * (uint)spec.Batch);
        _elementItems = elements.Items(_count);
        // On a CPU a few work-items share all the work, each with a workspace that stays in its cache.
        long most = backend.UsesCpuKernels ? 4L * backend.Device.ComputeUnits : _items;
        _workers = (uint)((Math.Min(_items, most) + tuning.WorkGroup - 1) / tuning.WorkGroup * tuning.WorkGroup);
        _step = (uint)tuning.Width * (backend.UsesCpuKernels ? 1 : _workers);
        backend.Workspace.Reserve(Math.Max(_count, 2L * _workers * spec.Channels * tuning.Width) * sizeof(float));
    }

    private float Weight => _spec.Alpha / _spec.Size;

    public void Forward(DeviceBuffer input, DeviceBuffer output)
    {
        if (input != output)
        {
            _forward.Read(input).Write(output).Number(_items).Number(_itemsInImage).Number(_spec.Pixels).Number(_spec.Channels)
                .Number(_spec.Size).Number(Weight).Number(_spec.K).Number(_spec.Beta).RunItems(_items);
            return;
        }
        _scales.Read(input).Memory(_backend.Workspace.Memory).Number(_items).Number(_itemsInImage).Number(_spec.Pixels).Number(_spec.Channels)
            .Number(_spec.Size).Number(Weight).Number(_spec.K).RunItems(_items);
        _apply.Read(input).Memory(_backend.Workspace.Memory).Write(output).Number(_count).Number(_spec.Beta).RunItems(_elementItems);
    }

    public void Backward(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer inputDiff) =>
        _backward.Read(input).Read(outputDiff).Write(inputDiff).Memory(_backend.Workspace.Memory).Number(_step)
            .Number(_items).Number(_itemsInImage).Number(_spec.Pixels).Number(_spec.Channels).Number(_spec.Size).Number(Weight).Number(_spec.K)
            .Number(_spec.Beta).Number(2 * _spec.Alpha * _spec.Beta / _spec.Size).RunItems(_workers);

    public void Dispose()
    {
        _forward.Dispose();
        _scales.Dispose();
        _apply.Dispose();
        _backward.Dispose();
    }
}

/// <summary>LRN within each channel.</summary>
internal sealed class OpenClLrnWithinChannel : ILrn
{
    private readonly OpenClBackend _backend;
    private readonly LrnWithinChannelSpec _spec;
    private readonly Kernel _scales, _apply, _ratiosKernel, _backward;
    private readonly int _count;

    public OpenClLrnWithinChannel(OpenClBackend backend, LrnWithinChannelSpec spec)
    {
        _backend = backend;
        _spec = spec;
        ElementTuning tuning = ElementTuning.Single(backend);
        string options = LrnOptions.Of(tuning, spec.Beta);
        _scales = backend.CreateKernel("lrn.cl", options, "lrn_within_scales", tuning.WorkGroup);
        _apply = backend.CreateKernel("lrn.cl", options, "lrn_apply", tuning.WorkGroup);
        _ratiosKernel = backend.CreateKernel("lrn.cl", options, "lrn_within_ratios", tuning.WorkGroup);
        _backward = backend.CreateKernel("lrn.cl", options, "lrn_within_backward", tuning.WorkGroup);
        _count = checked(spec.Planes * spec.Height * spec.Width);
        backend.Workspace.Reserve(2L * _count * sizeof(float));
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output)
    {
        DeviceMemory scales = Scales(input);
        _apply.Read(input).Memory(scales).Write(output).Number(_count).Number(_spec.Beta).RunItems(_count);
    }

    public void Backward(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        DeviceMemory scales = Scales(input);
        _ratiosKernel.Read(input).Read(outputDiff).Memory(scales).Number(_count).Number(_spec.Beta).RunItems(_count);
        _backward.Read(input).Memory(scales).Write(inputDiff).Number(_count).Number(_spec.Height).Number(_spec.Width)
            .Number(_spec.Size).Number(2 * _spec.Alpha * _spec.Beta / ((float)_spec.Size * _spec.Size)).RunItems(_count);
    }

    public void Dispose()
    {
        _scales.Dispose();
        _apply.Dispose();
        _ratiosKernel.Dispose();
        _backward.Dispose();
    }

    private DeviceMemory Scales(DeviceBuffer input)
    {
        DeviceMemory scales = _backend.Workspace.Memory;
        _scales.Read(input).Memory(scales).Number(_count).Number(_spec.Height).Number(_spec.Width).Number(_spec.Size).Number(_spec.Alpha).RunItems(_count);
        return scales;
    }
}

/// <summary>Options of lrn.cl.</summary>
internal static class LrnOptions
{
    public static string Of(ElementTuning tuning, float beta) => tuning.CompileOptions + (beta == 0.75f ? " -D THREE_QUARTERS" : "");
}
