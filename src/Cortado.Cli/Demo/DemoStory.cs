using System.Diagnostics;
using System.Globalization;
using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.Cli.Findings;
using Cortado.Diagnostics;
using Cortado.Diagnostics.Monitoring;
using Cortado.Formats;
using Cortado.Lmdb;
using Cortado.Nets;
using Cortado.Solvers;

namespace Cortado.Cli.Demo;

/// <summary>The demo from the question to the classified pictures.</summary>
internal sealed class DemoStory(Terminal terminal, DemoFolder folder, ulong seed, CancellationToken cancel)
{
    /// <summary>Pictures to learn from, and pictures that the training never sees.</summary>
    private const int TrainPictures = 4000, HeldOutPictures = DemoEdits.TestBatch * DemoEdits.TestBatches;

    private const float GoodAccuracy = 0.95f;

    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public int Tell()
    {
        // The posted files name './dataset/train_db'; from here on that means the demo's own.
        string started = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(folder.Root);
        try
        {
            using IBackend backend = new CpuBackend();
            TellTheQuestion();
            RenderPictures();
            AskTheDoctor(backend);
            Train(backend);
            Title($"Pictures that it never saw:  cortado classify --model {DemoFolder.Deploy} --weights {DemoFolder.Weights} {DemoFolder.Pictures}/*.png");
            float accuracy = new DemoExam(terminal, seed, TrainPictures + HeldOutPictures).Hold(backend, cancel);
            SayWhereEverythingLies(Path.GetRelativePath(started, folder.Root));
            if (accuracy >= GoodAccuracy) return ExitCode.Done;
            terminal.Error.WriteLine($"error: only {Percent(accuracy)} of pictures that it never saw are told rightly; expected at least {Percent(GoodAccuracy)}. Run the demo again with another --seed; if it stays so, please report it.");
            return ExitCode.BadInput;
        }
        finally
        {
            Directory.SetCurrentDirectory(started);
        }
    }

    private void TellTheQuestion()
    {
        Title("The question");
        terminal.Line("Somebody trains a network on two classes of pictures with Caffe. The accuracy is \"always around 0.48\", and the trained");
        terminal.Line("network answers {'prob': [[nan, nan], [nan, nan]]}. What is wrong? His solver.prototxt, to the letter:");
        terminal.Line();
        foreach (string line in Lines(DemoFolder.Solver)) terminal.Line("    " + line.TrimEnd());
        terminal.Line();
        terminal.Line("and the head of his train_val.prototxt (an AlexNet for 70x70 pictures, 28.6 million weights):");
        terminal.Line();
        foreach (string line in Lines(DemoFolder.Net).Take(18)) terminal.Line("    " + line);
    }

    private void RenderPictures()
    {
        Title("The data");
        ProgressDisplay.Run(terminal, "rendering", TrainPictures + HeldOutPictures, display =>
        {
            PictureSet.Write(DemoFolder.TrainSet, overwrite: true, seed, 0, TrainPictures, done => display.Report(done), cancel);
            PictureSet.Write(DemoFolder.HeldOutSet, overwrite: true, seed, TrainPictures, HeldOutPictures, done => display.Report(TrainPictures + done), cancel);
            return true;
        });
        ContactSheet.Write(DemoFolder.Sheet, Enumerable.Range(0, 60).Select(i => PictureSet.Picture(seed, i)).ToArray(), SceneRenderer.StandardSize, 12);
        terminal.Line($"His data is not ours to have. Rendered instead, as a game would show them, every one different: {TrainPictures} pictures of balls and");
        terminal.Line($"boxes to learn from, and {HeldOutPictures} more that the training never sees, as LMDBs where his files look for them. See {DemoFolder.Sheet}.");
    }

    private void AskTheDoctor(IBackend backend)
    {
        Title("The doctor, before any training:  cortado doctor --solver solver.prototxt --apply");
        var options = new DoctorOptions { Backend = backend, Databases = new LmdbProvider() };
        DoctorReport report = Doctor.Examine(DemoFolder.Solver, options, cancel);
        FindingView.Write(report, terminal);
        terminal.Line();
        foreach (FileChange change in report.Changes()) FindingView.WriteDiff(change.Diff, terminal);
        foreach ((string file, string original) in report.Apply()) terminal.Line($"changed {file}; as it was: {original}");
        terminal.Line();
        terminal.Line("His training is for a graphics card and hours. The demo makes it smaller, fixes its seed, and changes nothing else:");
        foreach (string edit in DemoEdits.Apply(folder)) terminal.Line("    " + edit);
        terminal.Line();
        terminal.Line("The doctor again:");
        FindingView.Write(Doctor.Examine(DemoFolder.Solver, options, cancel), terminal);
    }

    private void Train(IBackend backend)
    {
        Title("The training:  cortado train --solver solver.prototxt");
        terminal.Line($"  On the {backend.Description}. It ends when {Percent(DemoProgress.Enough)} of the held-out pictures are told rightly, after {DemoEdits.Iterations} iterations at most.");
        PrototxtDocument<SolverParameter> document = SolverFile.Load(DemoFolder.Solver);
        ProgressDisplay.Run(terminal, "training", DemoEdits.Iterations, display =>
        {
            var progress = new DemoProgress(terminal, display);
            var monitor = new TrainingMonitor();
            monitor.Found += finding => FindingView.Write(finding, terminal);
            using var solver = new Solver(document.Message, new SolverOptions
            {
                Backend = backend,
                Databases = new LmdbProvider(),
                FileName = DemoFolder.Solver,
                Observers = [progress],
                Monitor = monitor,
            });
            using CancellationTokenRegistration stop = cancel.Register(() => solver.RequestStop(snapshot: false));
            SolveOutcome outcome = solver.Solve();
            cancel.ThrowIfCancellationRequested();
            if (outcome == SolveOutcome.Diverged) throw new CortadoException($"The training diverged: {solver.StopReason}");
            WeightSaver.Save(solver.Net, DemoFolder.Weights);
            return true;
        });
    }

    private void SayWhereEverythingLies(string where)
    {
        Title($"Done in {_watch.Elapsed.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture)} s");
        terminal.Line($"Everything lies in {where}:");
        var table = new TextTable("file", "what it is");
        table.Row("solver.prototxt, train_val.prototxt", "his files with the edits; *.orig as he posted them");
        table.Row(DemoFolder.TrainSet + ", val_db", "the pictures, as Caffe's databases");
        table.Row(DemoFolder.Sheet + ", pictures/", "pictures to look at");
        table.Row(DemoFolder.Weights, "the trained weights; Caffe reads them too");
        table.Row(DemoFolder.Deploy + ", labels.txt", "the network that classifies, and the names of its classes");
        table.Write(terminal);
    }

    private void Title(string text)
    {
        terminal.Heading(text);
        terminal.Line();
    }

    private static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(DemoFolder.Posted(name));
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }

    private static string Percent(float share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture) + " %";
}
