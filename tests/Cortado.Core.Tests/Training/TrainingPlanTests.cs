using Cortado.Data;
using Cortado.Diagnostics;
using Cortado.Formats;
using Cortado.Lmdb;
using Cortado.Nets;
using Cortado.Tests.Solvers;
using Cortado.Training;

namespace Cortado.Tests.Training;

public sealed class TrainingPlanTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public TrainingPlanTests()
    {
        Database("train_db", 90, 80, 3);
        Database("val_db", 30, 80, 3);
        File.WriteAllLines(_folder.File("labels.txt"), ["ball", "box", "cone"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryTemplateFitsTheDatabasesAndBuilds()
    {
        foreach (TrainingTemplate template in TrainingTemplate.All)
        {
            PreparedTraining prepared = Plan(template.Id).Prepare(new LmdbProvider());
            Assert.Equal(_folder.File("labels.txt"), prepared.Labels);
            Assert.Equal(90, prepared.Train!.Records);
            TrainingFiles files = TrainingFiles.Load(prepared.Solver);
            foreach (Phase phase in new[] { Phase.Train, Phase.Test })
            {
                LayerParameter data = Assert.Single(files.Train.LayersIn(new NetState { Phase = phase }), layer => layer.Type == "Data");
                Assert.Equal(_folder.File(phase == Phase.Train ? "train_db" : "val_db").Replace('\\', '/'), data.DataParam.Source);
                Assert.InRange((int)data.DataParam.BatchSize, 1, phase == Phase.Train ? 90 : 30);
                LayerParameter last = files.Train.LayersIn(new NetState { Phase = phase }).Last(layer => layer.Type == "InnerProduct");
                Assert.Equal(3u, last.InnerProductParam.NumOutput);
            }
            SolverParameter solver = files.Solver.Message;
            Assert.Equal(30, solver.TestIter[0] * files.Train.LayersIn(new NetState { Phase = Phase.Test }).First().DataParam.BatchSize);
            Assert.Equal(template.Id == "alexnet-70-asked" ? 0.03f : 0.01f, solver.BaseLr);
            using Cortado.Backends.IBackend backend = TestBackend.Create();
            using Net net = Net.Build(files.Train.Net, new NetOptions { Backend = backend, State = new NetState { Phase = Phase.Train }, Databases = new LmdbProvider() });
            Assert.Equal(3, net.FindLayer("loss")!.Bottoms[0].Shape[1]);
        }
    }

    [Fact]
    public void AnEditOfATemplatesFilesStaysUntilAnotherChoiceIsMade()
    {
        PreparedTraining prepared = Plan("lenet").Prepare(new LmdbProvider());
        TrainingFiles files = TrainingFiles.Load(prepared.Solver);
        files.Apply([files.SetSolver("base_lr", "0.005")!]);
        Assert.Equal(0.005f, SolverFile.Load(Plan("lenet").Prepare(new LmdbProvider()).Solver).Message.BaseLr);
        Assert.Equal(0.01f, SolverFile.Load(Plan("quick").Prepare(new LmdbProvider()).Solver).Message.BaseLr);
        Assert.Equal(0.01f, SolverFile.Load(Plan("lenet").Prepare(new LmdbProvider()).Solver).Message.BaseLr);
    }

    [Fact]
    public void ASetThatWasRecordedAnewWithMoreClassesGetsANetworkWithMoreOutputs()
    {
        Plan("lenet").Prepare(new LmdbProvider());
        Database("train_db", 90, 80, 4);
        File.WriteAllLines(_folder.File("labels.txt"), ["ball", "box", "cone", "ring"]);
        PreparedTraining prepared = Plan("lenet").Prepare(new LmdbProvider());
        Assert.Equal(4u, TrainingFiles.Load(prepared.Solver).Train.LayersIn(new NetState { Phase = Phase.Train }).Last(layer => layer.Type == "InnerProduct").InnerProductParam.NumOutput);
    }

    [Fact]
    public void WithoutATestDatabaseThereIsNoTest()
    {
        PreparedTraining prepared = (Plan("lenet") with { TestDatabase = null }).Prepare(new LmdbProvider());
        Assert.Empty(SolverFile.Load(prepared.Solver).Message.TestIter);
    }

    [Fact]
    public void PicturesTooSmallForATemplateAreRefused()
    {
        Database("tiny_db", 4, 28, 2);
        string message = Assert.Throws<CortadoException>(() => (Plan("alexnet-70") with { TrainDatabase = _folder.File("tiny_db"), TestDatabase = null }).Prepare(new LmdbProvider())).Message;
        Assert.Contains("28 x 28", message, StringComparison.Ordinal);
        Assert.Contains("70 x 70", message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnesOwnFilesStayAndCopiesLearnFromTheChosenDatabases()
    {
        string solver = Posted("asked.solver.prototxt", "solver.prototxt"), net = Posted("asked.net.prototxt", "train_val.prototxt");
        string solverText = File.ReadAllText(solver), before = File.ReadAllText(net);
        TrainingPlan plan = OwnFiles(solver);
        string copy = plan.Prepare(new LmdbProvider()).Solver;
        Assert.StartsWith(_folder.File("job"), copy, StringComparison.Ordinal);
        string path = _folder.Path.Replace('\\', '/');
        string expected = before.Replace("\"./dataset/train_db\"", $"\"{path}/train_db\"", StringComparison.Ordinal).Replace("\"./dataset/val_db\"", $"\"{path}/val_db\"", StringComparison.Ordinal);
        Assert.NotEqual(before, expected);
        TrainingFiles files = TrainingFiles.Load(copy);
        Assert.NotEqual(net, files.Train.FileName);
        Assert.Equal(expected, files.Train.Text);
        Assert.Equal(solverText.Replace("\"train_val.prototxt\"", $"\"{files.Train.FileName.Replace('\\', '/')}\"", StringComparison.Ordinal), files.Solver.Text[(files.Solver.Text.IndexOf('\n') + 1)..]);
        Assert.Equal((solverText, before), (File.ReadAllText(solver), File.ReadAllText(net)));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.orig", SearchOption.AllDirectories));
    }

    [Fact]
    public void AnEditOfACopyStaysUntilTheOriginalOrTheChoiceChanges()
    {
        string solver = Posted("asked.solver.prototxt", "solver.prototxt"), net = Posted("asked.net.prototxt", "train_val.prototxt");
        TrainingPlan plan = OwnFiles(solver);
        TrainingFiles files = TrainingFiles.Load(plan.Prepare(new LmdbProvider()).Solver);
        files.Apply([files.SetSolver("base_lr", "0.007")!]);
        Assert.Equal(0.007f, Rate(plan));
        File.AppendAllText(net, "# somebody's own note\n");
        Assert.Equal(0.03f, Rate(plan));
        files = TrainingFiles.Load(plan.Prepare(new LmdbProvider()).Solver);
        Assert.EndsWith("# somebody's own note\n", files.Train.Text, StringComparison.Ordinal);
        files.Apply([files.SetSolver("base_lr", "0.007")!]);
        Assert.Equal(0.03f, Rate(plan with { TestDatabase = _folder.File("train_db") }));
    }

    [Fact]
    public void WhatACopyNamesFromItsOriginalsFolderOnIsStillFound()
    {
        string solver = Posted("asked.solver.prototxt", "solver.prototxt"), net = Posted("asked.net.prototxt", "train_val.prototxt");
        File.WriteAllText(_folder.File("mean.binaryproto"), "");
        string text = File.ReadAllText(net).Replace("./dataset/val_db", "val_db", StringComparison.Ordinal);
        int transform = text.IndexOf('{', text.IndexOf("transform_param", StringComparison.Ordinal)) + 1;
        File.WriteAllText(net, text.Insert(transform, " mean_file: \"mean.binaryproto\" "));
        TrainingFiles files = TrainingFiles.Load((OwnFiles(solver) with { TestDatabase = null }).Prepare(new LmdbProvider()).Solver);
        LayerParameter[] data = [.. new[] { Phase.Train, Phase.Test }.Select(phase => files.Train.LayersIn(new NetState { Phase = phase }).First(layer => layer.Type == "Data"))];
        Assert.Equal(_folder.File("mean.binaryproto"), Path.GetFullPath(data[0].TransformParam.MeanFile));
        Assert.True(Path.IsPathRooted(data[0].TransformParam.MeanFile));
        Assert.Equal(_folder.File("val_db"), Path.GetFullPath(data[1].DataParam.Source));
        Assert.True(Path.IsPathRooted(data[1].DataParam.Source));
    }

    [Fact]
    public void TestNetworksOfTheirOwnAreCopiedToo()
    {
        string net = Posted("asked.net.prototxt", "train_val.prototxt"), solver = _folder.File("solver.prototxt");
        Directory.CreateDirectory(_folder.File("other"));
        foreach (string name in new[] { "test.prototxt", "other/train_val.prototxt" }) File.Copy(net, _folder.File(name));
        File.WriteAllText(solver, "train_net: 'train_val.prototxt'\ntest_net: 'test.prototxt'\ntest_net: 'other/train_val.prototxt'\ntest_iter: 1\ntest_iter: 2\ntest_interval: 10\nbase_lr: 0.01\nlr_policy: 'fixed'\nmax_iter: 10\n");
        TrainingFiles files = TrainingFiles.Load(OwnFiles(solver).Prepare(new LmdbProvider()).Solver);
        Assert.Distinct(files.Tests.Select(test => test.FileName).Append(files.Train.FileName));
        Assert.All(files.Tests.Append(files.Train), copied => Assert.StartsWith(_folder.File("job"), Path.GetFullPath(copied.FileName), StringComparison.Ordinal));
        Assert.All(files.Tests, test => Assert.Contains(test.LayersIn(new NetState { Phase = Phase.Test }), layer => layer.DataParam?.Source == _folder.File("val_db").Replace('\\', '/')));
        Assert.Equal(File.ReadAllText(net), File.ReadAllText(_folder.File("other/train_val.prototxt")));
    }

    [Fact]
    public void ANetworkAloneGetsASolver()
    {
        string net = Posted("lenet.net.prototxt", "mine.prototxt");
        var plan = new TrainingPlan(_folder.File("job")) { Prototxt = net, TrainDatabase = _folder.File("train_db"), TestDatabase = _folder.File("val_db") };
        TrainingFiles files = TrainingFiles.Load(plan.Prepare(new LmdbProvider()).Solver);
        // It names these databases already, in words of its own.
        Assert.Equal(net.Replace('\\', '/'), files.Solver.Message.Net);
        Assert.Equal("LeNet", files.Train.Net.Name);
        Assert.Single(files.Solver.Message.TestIter);
        string before = File.ReadAllText(net);
        files = TrainingFiles.Load((plan with { TestDatabase = _folder.File("train_db") }).Prepare(new LmdbProvider()).Solver);
        Assert.NotEqual(net, files.Train.FileName);
        Assert.Single(files.Solver.Message.TestIter);
        Assert.Equal(before, File.ReadAllText(net));
        Assert.Equal(net.Replace('\\', '/'), TrainingFiles.Load(plan.Prepare(new LmdbProvider()).Solver).Solver.Message.Net);
    }

    [Theory]
    [InlineData("net: 'x' base_lr: 0.1", PrototxtKind.Solver)]
    [InlineData("# a comment: net\nname: 'x' layer { type: 'Data' } laier { base_lr }", PrototxtKind.Network)]
    [InlineData("layers { type: DATA } %", PrototxtKind.Network)]
    [InlineData("net_param { layer { } name: 'a' } max_iter: 1", PrototxtKind.Solver)]
    [InlineData("", PrototxtKind.Unknown)]
    public void NetworksAndSolversAreToldApart(string text, PrototxtKind kind) => Assert.Equal(kind, Prototxt.KindOf(text));

    private TrainingPlan OwnFiles(string solver) => new(_folder.File("job")) { Prototxt = solver, TrainDatabase = _folder.File("train_db"), TestDatabase = _folder.File("val_db") };

    private static float Rate(TrainingPlan plan) => SolverFile.Load(plan.Prepare(new LmdbProvider()).Solver).Message.BaseLr;

    private TrainingPlan Plan(string template) =>
        new(_folder.File("job")) { Template = template, TrainDatabase = _folder.File("train_db"), TestDatabase = _folder.File("val_db") };

    private string Posted(string resource, string name)
    {
        using Stream stream = typeof(TrainingPlan).Assembly.GetManifestResourceStream(resource)!;
        using var file = File.Create(_folder.File(name));
        stream.CopyTo(file);
        return _folder.File(name);
    }

    private void Database(string name, int count, int size, int classes)
    {
        using LmdbWriter writer = LmdbWriter.Create(_folder.File(name), overwrite: true);
        using IRecordCursor cursor = MemoryDatabase.OfImages(count, size, i => i % classes).OpenCursor();
        while (cursor.MoveNext()) writer.Put(cursor.Key, cursor.Value);
        writer.Commit();
    }
}
