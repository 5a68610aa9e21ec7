using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// A left operand in the order in which tiles read it: the kernel of pack_gpu.cl. Weights that stay as they are get memory of their own and are
/// packed once; others are packed into workspace for each call.
/// </summary>
internal sealed class TilePanels : IDisposable
{
    private readonly OpenClBackend _backend;
    private readonly TileKernel _pack;
    private readonly DeviceMemory? _frozen;
    private readonly int _rows, _depth, _slabs, _rowTiles, _groups;
    private bool _packed;

    public TilePanels(OpenClBackend backend, TileTuning tuning, int rows, int depth, int groups, bool frozen)
    {
        _backend = backend;
        _rows = rows;
        _depth = depth;
        _groups = groups;
        _rowTiles = PanelTuning.DivideUp(rows, tuning.TileM);
        _slabs = PanelTuning.DivideUp(depth, tuning.TileK);
        Floats = checked(groups * _rowTiles * tuning.TileM * (_slabs * tuning.TileK));
        if (frozen) _frozen = new DeviceMemory(backend, (long)Floats * sizeof(float));
        _pack = new TileKernel(backend, "pack_gpu.cl", tuning, "pack_panels");
    }

    /// <summary>Floats of the panels of all groups: whole tiles of whole slabs.</summary>
    public int Floats { get; }

    /// <summary>Floats that the panels need of the workspace, from its beginning.</summary>
    public int WorkspaceFloats => _frozen == null ? Floats : 0;

    /// <summary>Says that frozen weights changed.</summary>
    public void Changed() => _packed = false;

    /// <summary>
    /// The panels of an operand. Its element (row, step) of a group lies that many floats behind the group's first; how far each step of depth is away may
    /// stand in a table.
    /// </summary>
    public DeviceMemory Of(DeviceBuffer operand, int groupFloats, int rowFloats, int stepFloats, DeviceTable? places = null)
    {
        DeviceMemory panels = _frozen ?? _backend.Workspace.Memory;
        if (_packed) return panels;
        _pack.Kernel.Read(operand).Memory(panels).Memory(places?.Memory.Handle ?? 0).Number(_rows).Number(_depth)
            .Number(groupFloats).Number(rowFloats).Number(stepFloats).Number(rowFloats == 1 ? 1 : 0);
        _pack.Run(_slabs, _rowTiles, _groups);
        _packed = _frozen != null;
        return panels;
    }

    public void Dispose()
    {
        _pack.Dispose();
        _frozen?.Dispose();
    }
}
