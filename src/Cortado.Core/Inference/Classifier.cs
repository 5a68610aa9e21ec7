using System.Diagnostics;
using System.Globalization;
using Cortado.Backends;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Inference;

/// <summary>
/// A trained network that says what an image shows. Made from a deploy prototxt, or straight from a training network (the deploy
/// network is derived), and a .caffemodel. It can work in slices of time, so that a frame's budget holds; nothing is allocated for an
/// image after the first. One thread at a time.
/// </summary>
public sealed class Classifier : IDisposable
{
    private readonly Net _net;
    private readonly Blob _input, _output;
    private readonly string _weights;
    private readonly string[] _labels;
    private readonly Image _file = new();
    private readonly Func<long> _clock;
    private readonly LayerTimes _times;
    private int _nextLayer;

    private Classifier(Net net, Preprocessing preprocessing, IReadOnlyList<string> labels, string model, string weights, IReadOnlyList<string> notes, Func<long>? clock)
    {
        _net = net;
        _clock = clock ?? Stopwatch.GetTimestamp;
        _weights = weights;
        _input = net.Inputs[0];
        _output = OutputOf(net, model);
        Preprocessing = preprocessing;
        Notes = notes;
        _labels = new string[_output.Count / Math.Max(1, _output.Shape.Rank > 0 ? _output.Shape[0] : 1)];
        if (labels.Count > 0 && labels.Count != _labels.Length)
            throw new CortadoException($"There are {labels.Count} class names and the network's output '{_output.Name}' has {_labels.Length} classes; expected the same number.");
        for (int i = 0; i < _labels.Length; i++) _labels[i] = labels.Count > 0 ? labels[i] : i.ToString(CultureInfo.InvariantCulture);
        _nextLayer = net.Layers.Count;
        _times = new LayerTimes(net.Layers.Count);
    }

    /// <summary>How images are prepared.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>The classes' names, in the order of the output.</summary>
    public IReadOnlyList<string> Labels => _labels;

    /// <summary>The network.</summary>
    public Net Net => _net;

    /// <summary>What had to be assumed when the network was loaded, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Whether an image was begun and is not finished.</summary>
    public bool IsBusy => _nextLayer < _net.Layers.Count;

    /// <summary>What the network says of the image that was done last: one number a class.</summary>
    public ReadOnlySpan<float> Scores => _output.ReadData().Slice(0, _labels.Length);

    /// <summary>Loads a network and its weights.</summary>
    /// <exception cref="CortadoException">A file is wrong, does not fit, or its weights are not finite.</exception>
    public static Classifier Load(string model, string weights, ClassifierOptions options)
    {
        PrototxtDocument<NetParameter> document = NetFile.Load(model);
        var paths = new PathResolver(model);
        var notes = new List<string>(document.Warnings);
        NetParameter prototxt = document.Message;
        if (DeployNetwork.IsNeeded(prototxt))
        {
            DeployNetwork derived = DeployNetwork.Derive(prototxt, TrainingImageSize.Of(prototxt, options.Databases, paths));
            notes.AddRange(derived.Notes);
            prototxt = derived.Net;
        }
        using WeightFile file = WeightFile.Open(weights);
        string? labels = options.Labels ?? FindLabels(model, weights);
        return Build(prototxt, document.Locations, model, file, options.Backend, labels == null ? Array.Empty<string>() : LabelsFile.Read(labels),
            (input, shape) => new Preprocessing(input, shape, paths), notes, null);
    }

    /// <summary>Loads a trained network that is in memory.</summary>
    /// <param name="network">The network; its weights are opened, read and closed again.</param>
    /// <param name="backend">The backend that computes. It outlives the classifier.</param>
    /// <exception cref="CortadoException">A part is wrong, does not fit, or the weights are not finite.</exception>
    public static Classifier Load(TrainedNetwork network, IBackend backend) => Load(network, backend, null);

    internal static Classifier Load(TrainedNetwork network, IBackend backend, Func<long>? clock)
    {
        PrototxtDocument<NetParameter> document = NetFile.Parse(network.Deploy, network.Name);
        if (DeployNetwork.IsNeeded(document.Message))
            throw new CortadoException($"{network.Name}: the network reads its own data; expected a deploy network with an Input layer. Derive it first (cortado deploy, or the importer of the .caffemodel).");
        MeanImage? mean = network.Mean?.Invoke();
        using WeightFile file = network.OpenWeights();
        return Build(document.Message, document.Locations, network.Name, file, backend, network.Labels,
            (input, shape) => new Preprocessing(input, shape, mean), new List<string>(document.Warnings), clock);
    }

    private static Classifier Build(NetParameter prototxt, SourceMap? locations, string model, WeightFile weights, IBackend backend, IReadOnlyList<string> labels,
        Func<LayerParameter, Shape, Preprocessing> prepare, List<string> notes, Func<long>? clock)
    {
        Net net = Net.Build(BatchOverride.Apply(DeployNetwork.WithoutFillers(prototxt), 1), new NetOptions { Backend = backend, FrozenWeights = true, FileName = model, Locations = locations });
        try
        {
            LayerParameter input = OnlyInput(net, model);
            WeightReport report = WeightLoader.Load(net, weights);
            AddNotes(notes, report);
            FiniteWeights.Check(net, weights.FileName);
            Preprocessing preprocessing = prepare(input, net.Inputs[0].Shape);
            if (!preprocessing.IsRecorded)
                notes.Add($"{model} does not record how training prepared its images (scale, mean): pixels 0..255 go in as they are. 'cortado deploy' writes a network that records it.");
            return new Classifier(net, preprocessing, labels, model, weights.FileName, notes, clock);
        }
        catch
        {
            net.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs the network once on whatever lies in its input, so that the first image is answered as fast as the others: a device compiles
    /// its kernels now, packs the weights and makes its memory. Takes seconds where nothing is cached yet: call it where nobody waits.
    /// </summary>
    /// <exception cref="InvalidOperationException">An image was begun and is not finished.</exception>
    public void WarmUp()
    {
        if (IsBusy) throw new InvalidOperationException("An image was begun and is not finished.");
        _net.WarmUp();
    }

    /// <summary>Classifies an image file.</summary>
    /// <param name="path">A PNG, JPEG, BMP or other image.</param>
    /// <param name="top">How many classes to give, the best first.</param>
    /// <exception cref="CortadoException">The image cannot be read, or the network's answer is not finite.</exception>
    public IReadOnlyList<ClassScore> Classify(string path, int top)
    {
        ImageFile.Read(path, Preprocessing.Color, _file);
        var scores = new ClassScore[Math.Min(Math.Max(top, 1), _labels.Length)];
        Classify(_file, scores);
        return scores;
    }

    /// <summary>Classifies an image and gives the best classes, as many as <paramref name="top"/> has room for.</summary>
    /// <returns>How many were given.</returns>
    /// <exception cref="CortadoException">The image does not fit, or the network's answer is not finite.</exception>
    public int Classify(Image image, Span<ClassScore> top)
    {
        Begin(image);
        Continue(TimeSpan.MaxValue);
        return Best(top);
    }

    /// <summary>Begins with an image; <see cref="Continue"/> does the work.</summary>
    public void Begin(Image image)
    {
        Preprocessing.Prepare(image, _input.StreamData());
        _nextLayer = 0;
    }

    /// <summary>Runs layers until the image is done or the time is up; at least one layer.</summary>
    /// <param name="budget">
    /// The time; <see cref="TimeSpan.MaxValue"/> for no limit. With a limit a device is waited for, so that the time is the work's: after each layer at first, and when it is known what layers
    /// take, after as many as fit.
    /// </param>
    /// <returns>Whether the image is done.</returns>
    public bool Continue(TimeSpan budget)
    {
        if (budget == TimeSpan.MaxValue)
        {
            while (IsBusy) RunLayer();
            return true;
        }
        double limit = budget.TotalSeconds * Stopwatch.Frequency;
        long start = _clock(), waited = start;
        while (IsBusy)
        {
            int first = _nextLayer;
            double expected = waited - start;
            do
            {
                expected += _times.Expected(_nextLayer);
                RunLayer();
            }
            // A layer that computes in the call itself shows on the clock.
            while (IsBusy && expected < limit && !double.IsPositiveInfinity(_times.Expected(_nextLayer)) && _clock() - start < limit);
            _net.Backend.Synchronize();
            long now = _clock();
            _times.Learn(first, _nextLayer, now - waited);
            waited = now;
            if (now - start >= limit) break;
        }
        return !IsBusy;
    }

    private void RunLayer()
    {
        _net.Forward(_nextLayer, _nextLayer + 1);
        _nextLayer++;
    }

    /// <summary>
    /// Gives an image to the device and returns; <see cref="IsDone"/> tells when <see cref="Best(Span{ClassScore})"/> has the answer at hand. So one thread can ask now
    /// and look later, and waits for nothing. The managed backend has no device beside it: there the call computes.
    /// </summary>
    /// <exception cref="DeviceException">The device failed. Dispose the classifier and its backend, open the device again and load anew.</exception>
    public void Submit(Image image)
    {
        Begin(image);
        Continue(TimeSpan.MaxValue);
        _output.Data.BeginHostRead();
    }

    /// <summary>Whether the image given to <see cref="Submit"/> is done. It waits for nothing.</summary>
    /// <exception cref="DeviceException">The device failed.</exception>
    public bool IsDone => !IsBusy && _output.Data.IsHostReadDone;

    /// <summary>The best classes of the image that was done last, best first; of equal ones the lower number first.</summary>
    /// <returns>How many were given.</returns>
    /// <exception cref="CortadoException">The network's answer is not finite; the message names the first layer where that happened.</exception>
    public int Best(Span<ClassScore> top)
    {
        ReadOnlySpan<float> scores = Scores;
        CheckAnswer(scores);
        return Best(scores, top);
    }

    /// <summary>The best classes by other scores, such as ones that were averaged over several images.</summary>
    /// <param name="scores">One number a class.</param>
    /// <param name="top">Gets the best classes.</param>
    /// <returns>How many were given.</returns>
    public int Best(ReadOnlySpan<float> scores, Span<ClassScore> top)
    {
        int given = 0;
        for (int i = 0; i < _labels.Length; i++)
        {
            float score = scores[i];
            int at = given;
            while (at > 0 && top[at - 1].Probability < score) at--;
            if (at >= top.Length) continue;
            if (given < top.Length) given++;
            for (int j = given - 1; j > at; j--) top[j] = top[j - 1];
            top[at] = new ClassScore(i, _labels[i], score);
        }
        return given;
    }

    /// <summary>Refuses an answer that is not finite.</summary>
    /// <exception cref="CortadoException">It is not; the message names the first layer where that happened.</exception>
    internal void CheckAnswer(ReadOnlySpan<float> scores)
    {
        if (CountNonFinite(scores) > 0) throw BrokenAnswer();
    }

    /// <inheritdoc/>
    public void Dispose() => _net.Dispose();

    // Beside the network, else beside the weights.
    private static string? FindLabels(string model, string weights)
    {
        foreach (string file in new[] { model, weights })
            if (LabelsFile.Beside(file) is var path && File.Exists(path)) return path;
        return null;
    }

    private static LayerParameter OnlyInput(Net net, string model)
    {
        if (net.Inputs.Count != 1)
            throw new CortadoException($"{model}: the network has {net.Inputs.Count} inputs; to classify images, expected one.");
        foreach (NetLayer layer in net.Layers)
            if (layer.Layer.Type == "Input") return layer.Layer.Parameter;
        throw new CortadoException($"{model}: the network has no Input layer.");
    }

    private static Blob OutputOf(Net net, string model)
    {
        if (net.Outputs.Count == 0) throw new CortadoException($"{model}: the network has no output.");
        foreach (Blob output in net.Outputs)
            if (output.Name == "prob") return output;
        return net.Outputs[net.Outputs.Count - 1];
    }

    private static void AddNotes(List<string> notes, WeightReport report)
    {
        foreach (WeightReportLine line in report.Lines)
            if (line.Outcome == WeightOutcome.NotInFile)
                notes.Add($"Layer '{line.Layer}' is not in {report.FileName}: it has untrained weights, and what the network answers means little.");
    }

    private static int CountNonFinite(ReadOnlySpan<float> values)
    {
        int count = 0;
        // x - x is 0 for every finite x and NaN otherwise.
        foreach (float value in values)
            if (value - value != 0) count++;
        return count;
    }

    private CortadoException BrokenAnswer()
    {
        foreach (NetLayer layer in _net.Layers)
            foreach (Blob top in layer.Tops)
                if (CountNonFinite(top.ReadData()) > 0)
                    return new CortadoException($"The network's answer is not finite. The first layer that gives nan or inf is '{layer.Layer.Name}' ({layer.Layer.Type}), with the weights of {_weights}.");
        return new CortadoException("The network's answer is not finite.");
    }
}
