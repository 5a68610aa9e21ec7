using Cortado.Formats;

namespace Cortado.Solvers;

/// <summary>Finds the networks that a solver names: <c>net</c>, <c>net_param</c>, <c>train_net</c>, <c>test_net</c> and so on, with Caffe's rules.</summary>
internal sealed class NetSources
{
    private readonly SolverParameter _solver;
    private readonly string? _solverFile;
    private readonly PathResolver _paths;

    private NetSources(SolverParameter solver, string? solverFile)
    {
        _solver = solver;
        _solverFile = solverFile;
        _paths = new PathResolver(solverFile);
    }

    /// <summary>The training network.</summary>
    public NetSource Train { get; private set; } = null!;

    /// <summary>The test networks.</summary>
    public List<NetSource> Tests { get; } = new();

    /// <summary>Reads the networks of a solver.</summary>
    /// <exception cref="CortadoException">A network is missing, given twice, or cannot be read.</exception>
    public static NetSources Read(SolverParameter solver, string? solverFile)
    {
        var sources = new NetSources(solver, solverFile);
        sources.ReadTrain();
        sources.ReadTests();
        return sources;
    }

    private void ReadTrain()
    {
        int given = (_solver.HasNet ? 1 : 0) + (_solver.NetParam != null ? 1 : 0) + (_solver.HasTrainNet ? 1 : 0) + (_solver.TrainNetParam != null ? 1 : 0);
        if (given != 1)
            throw new CortadoException($"The solver names {(given == 0 ? "no training network" : given + " training networks")}; expected one of net, net_param, train_net or train_net_param.");
        Train = _solver.TrainNetParam != null ? Inline(_solver.TrainNetParam, "train_net_param")
            : _solver.HasTrainNet ? FromFile(_solver.TrainNet, "train_net file: ")
            : _solver.NetParam != null ? Inline(_solver.NetParam, "net_param")
            : FromFile(_solver.Net, "net file: ");
        SetState(Train.Net, Phase.Train, _solver.TrainState);
    }

    private void ReadTests()
    {
        int own = _solver.TestNetParam.Count + _solver.TestNet.Count, wanted = _solver.TestIter.Count;
        bool generic = _solver.HasNet || _solver.NetParam != null;
        if (generic ? wanted < own : wanted != own)
            throw new CortadoException($"The solver has {own} test networks (test_net, test_net_param) and gives test_iter {wanted} times; expected test_iter once for each test network{(generic ? ", and once more for each test of net or net_param" : "")}.");
        if (_solver.TestState.Count > 0 && _solver.TestState.Count != wanted)
            throw new CortadoException($"The solver gives test_state {_solver.TestState.Count} times for {wanted} test networks; expected once for each, or not at all.");
        if (wanted > 0 && _solver.TestInterval <= 0)
            throw new CortadoException($"The solver has test_iter and test_interval {_solver.TestInterval}; expected a test_interval of at least 1.");
        foreach (int batches in _solver.TestIter)
            if (batches <= 0) throw new CortadoException($"The solver has test_iter {batches}; expected at least 1.");

        foreach (NetParameter net in _solver.TestNetParam) Tests.Add(Inline(net, "test_net_param"));
        foreach (string file in _solver.TestNet) Tests.Add(FromFile(file, "test_net file: "));
        while (Tests.Count < wanted)
            Tests.Add(_solver.NetParam != null ? Inline(_solver.NetParam, "net_param") : FromFile(_solver.Net, "net file: "));
        for (int i = 0; i < wanted; i++)
            SetState(Tests[i].Net, Phase.Test, _solver.TestState.Count > 0 ? _solver.TestState[i] : null);
    }

    private NetSource Inline(NetParameter net, string field)
    {
        NetParameter own = net.Clone();
        NetUpgrade.Apply(own, fileName: field);
        return new NetSource(own, field, _solverFile, null);
    }

    private NetSource FromFile(string name, string description)
    {
        string path = _paths.Existing(name, "network file");
        PrototxtDocument<NetParameter> document = NetFile.Load(path);
        return new NetSource(document.Message, description + name, path, document.Locations);
    }

    /// <summary>The same networks with others in place of their prototxts; null where one is not given.</summary>
    public NetSources? Map(Func<NetSource, NetParameter?> map)
    {
        var mapped = new NetSources(_solver, _solverFile);
        if (map(Train) is not { } train) return null;
        mapped.Train = Train with { Net = train };
        foreach (NetSource test in Tests)
        {
            if (map(test) is not { } net) return null;
            mapped.Tests.Add(test with { Net = net });
        }
        return mapped;
    }

    // The phase goes before the network's own state, that before the solver's state for it.
    private static void SetState(NetParameter net, Phase phase, NetState? wanted)
    {
        var state = new NetState { Phase = phase };
        if (net.State != null) state.MergeFrom(net.State);
        if (wanted != null) state.MergeFrom(wanted);
        net.State = state;
    }
}
