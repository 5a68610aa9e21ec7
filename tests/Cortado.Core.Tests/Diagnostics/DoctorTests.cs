using Cortado.Backends.Cpu;
using Cortado.Diagnostics;

namespace Cortado.Tests.Diagnostics;

public sealed class DoctorTests : IDisposable
{
    private readonly SeedFiles _seed = new();
    private readonly CpuBackend _backend = new(1);

    public void Dispose()
    {
        _backend.Dispose();
        _seed.Dispose();
    }

    private DoctorReport Examine(MemoryDatabase? database = null) => Doctor.Examine(_seed.Solver, new DoctorOptions
    {
        Backend = _backend,
        Databases = database ?? MemoryDatabase.OfImages(64, 72, i => i % 2),
        ProbeBatch = 4,
    });

    // The stand-in for his test set is smaller than his own, of which there is a hint.
    private IEnumerable<Finding> Worries() => Examine().Findings.Where(finding => finding.Severity > Severity.Info);

    [Theory]
    [InlineData(64, 100, 300, "A test scores 30000 records (test_iter 100 x batch_size 300), and the database of layer 'data' has 64.", "test_iter 1 with batch_size 300")]
    [InlineData(64, 2, 16, "A test scores 32 records", "test_iter 4 with batch_size 16")]
    [InlineData(64, 4, 16, null, null)]
    [InlineData(64, 5, 16, "A test scores 80 records", "test_iter 4 with batch_size 16")]
    // The last batch of those that go once through them is not full.
    [InlineData(60, 4, 16, null, null)]
    public void A_test_that_does_not_fit_its_data_is_hinted_at(int records, int iterations, int batch, string? summary, string? fitting)
    {
        _seed.Replace(_seed.Solver, "test_iter:100", $"test_iter:{iterations}");
        _seed.Replace(_seed.Net, "batch_size: 300", $"batch_size: {batch}");
        Finding[] found = Examine(MemoryDatabase.OfImages(records, 72, i => i % 2)).Findings.Where(finding => finding.Rule == "test-size").ToArray();
        if (summary == null)
        {
            Assert.Empty(found);
            return;
        }
        Finding finding = Assert.Single(found);
        Assert.Equal(Severity.Info, finding.Severity);
        Assert.StartsWith(summary, finding.Summary, StringComparison.Ordinal);
        Assert.Contains(fitting!, finding.Why, StringComparison.Ordinal);
        Assert.EndsWith("solver.prototxt:1:1", finding.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_needs_its_folder()
    {
        string folder = Path.Combine(_seed.Folder, "shots").Replace('\\', '/');
        _seed.Replace(_seed.Solver, "snapshot_prefix:\"snapshot\"", $"snapshot_prefix:\"{folder}/one\"");
        Finding finding = Assert.Single(Examine().Findings, found => found.Rule == "snapshot-folder");
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.EndsWith("solver.prototxt:12:1", finding.Place, StringComparison.Ordinal);
        Assert.Contains("Make the folder", finding.Why, StringComparison.Ordinal);
        File.WriteAllText(folder, "");
        Assert.Contains("is a file", Assert.Single(Examine().Findings, found => found.Rule == "snapshot-folder").Why, StringComparison.Ordinal);
        File.Delete(folder);
        Directory.CreateDirectory(folder);
        Assert.DoesNotContain(Examine().Findings, found => found.Rule == "snapshot-folder");
        // As in Caffe, a folder is a prefix, too: the solver's name is added.
        _seed.Replace(_seed.Solver, folder + "/one", folder);
        Assert.DoesNotContain(Examine().Findings, found => found.Rule == "snapshot-folder");
    }

    [Fact]
    public void The_askers_files_get_both_edits()
    {
        DoctorReport report = Examine();
        Finding range = Assert.Single(report.Findings, finding => finding.Rule == "input-range");
        Assert.Equal(Severity.Error, range.Severity);
        // Pixels 60..247 squared, times 0.03.
        Assert.InRange(range.Measured!.Value, 0.03 * 100 * 100, 0.03 * 200 * 200);
        Finding rate = Assert.Single(report.Findings, finding => finding.Rule == "learning-rate");
        Assert.Equal(0.3, rate.Measured!.Value, 6);
        Assert.Contains("solver.prototxt:3:1", rate.Place, StringComparison.Ordinal);
        Assert.All(report.Findings, finding => Assert.Contains(finding.Rule, new[] { "input-range", "learning-rate", "test-size" }));
    }

    [Fact]
    public void Applying_the_edits_keeps_the_files_layout_and_the_originals()
    {
        string solver = File.ReadAllText(_seed.Solver), net = File.ReadAllText(_seed.Net);
        IReadOnlyList<(string File, string Original)> written = Examine().Apply();
        Assert.Equal(2, written.Count);
        Assert.Equal(solver.Replace("base_lr: 0.03", "base_lr: 0.01", StringComparison.Ordinal), File.ReadAllText(_seed.Solver));
        string line = "    scale: 0.00390625\n";
        Assert.Equal(
            net.Replace("  transform_param {\n", "  transform_param {\n" + line, StringComparison.Ordinal),
            File.ReadAllText(_seed.Net));
        Assert.Equal(solver, File.ReadAllText(_seed.Solver + ".orig"));
        Assert.Equal(net, File.ReadAllText(_seed.Net + ".orig"));
        Assert.Empty(Worries());
    }

    [Fact]
    public void The_diff_shows_each_edit_in_its_line()
    {
        string diff = string.Concat(Examine().Changes().Select(change => change.Diff));
        Assert.Contains("-base_lr: 0.03 \n+base_lr: 0.01 \n", diff, StringComparison.Ordinal);
        Assert.Equal(2, diff.Split("+    scale: 0.00390625\n").Length - 1);
    }

    [Fact]
    public void Scaled_input_at_the_old_rate_still_gets_the_rate()
    {
        _seed.Replace(_seed.Net, "  transform_param {\n", "  transform_param {\n    scale: 0.00390625\n");
        Finding finding = Assert.Single(Worries());
        Assert.Equal("learning-rate", finding.Rule);
        Assert.Equal("base_lr: 0.03 -> 0.01", Assert.Single(finding.Edits).Summary);
    }

    [Fact]
    public void Scale_in_one_phase_only_is_seen()
    {
        _seed.Replace(_seed.Solver, "base_lr: 0.03", "base_lr: 0.01");
        _seed.Replace(_seed.Net, "    mirror: true\n", "    mirror: true\n    scale: 0.00390625\n");
        Finding finding = Assert.Single(Worries());
        Assert.Equal("preprocessing", finding.Rule);
        Assert.Equal(1, finding.Measured!.Value);
    }

    [Fact]
    public void Labels_outside_the_classes_are_named_with_their_record()
    {
        DoctorReport report = Examine(MemoryDatabase.OfImages(64, 72, i => i % 2 + 1));
        Finding finding = Assert.Single(report.Findings, found => found.Rule == "labels" && found.Subject.Contains("TRAIN", StringComparison.Ordinal));
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Equal(2, finding.Measured!.Value);
        Assert.Equal(new ExpectedRange(0, 1), finding.Expected);
        Assert.Contains("00000001", finding.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_one_class_are_an_error()
    {
        DoctorReport report = Examine(MemoryDatabase.OfImages(64, 72, _ => 1));
        Assert.Contains(report.Findings, found => found is { Rule: "labels", Severity: Severity.Error, Measured.Value: 1 });
    }

    [Fact]
    public void A_set_sorted_by_class_is_seen()
    {
        _seed.Replace(_seed.Net, "batch_size: 300", "batch_size: 8");
        DoctorReport report = Examine(MemoryDatabase.OfImages(64, 72, i => i / 32));
        Finding finding = Assert.Single(report.Findings, found => found.Rule == "labels");
        Assert.Contains("sorted by class", finding.Summary, StringComparison.Ordinal);
        Assert.Equal(1, finding.Measured!.Value);
    }

    [Fact]
    public void A_database_that_is_missing_is_a_finding_and_raw_pixels_still_are()
    {
        DoctorReport report = Doctor.Examine(_seed.Solver, new DoctorOptions { Backend = _backend });
        Assert.Contains(report.Findings, found => found is { Rule: "database", Severity: Severity.Error });
        Assert.Contains(report.Findings, found => found.Rule == "input-range" && found.Edits.Count == 2);
        Assert.DoesNotContain(report.Findings, found => found.Rule == "network");
    }

    [Theory]
    [InlineData("base_lr: 0.03", "base_lr: 0", 0)]
    [InlineData("base_lr: 0.03", "base_lr: nan", double.NaN)]
    [InlineData("gamma: 0.1", "gamma: 0", 0)]
    public void A_rate_that_is_or_becomes_nothing_is_an_error(string old, string with, double measured)
    {
        _seed.Replace(_seed.Solver, old, with);
        Finding finding = Assert.Single(Examine().Findings, found => found.Rule == "learning-rate-schedule");
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Equal(measured, finding.Measured!.Value);
    }

    [Fact]
    public void A_first_loss_far_from_guessing_is_a_warning()
    {
        _seed.Replace(_seed.Solver, "base_lr: 0.03", "base_lr: 0.00001");
        _seed.Replace(_seed.Net, "std: 0.005", "std: 0.5");
        Finding finding = Assert.Single(Examine().Findings, found => found.Rule == "initial-loss");
        Assert.True(finding.Measured!.Value > 2, "the loss must be the one that was measured");
    }

    [Fact]
    public void A_network_without_a_loss_is_an_error()
    {
        string net = File.ReadAllText(_seed.Net);
        File.WriteAllText(_seed.Net, net.Substring(0, net.IndexOf("layer {\n  name: \"loss\"", StringComparison.Ordinal)));
        Finding finding = Assert.Single(Examine().Findings, found => found.Rule == "loss");
        Assert.Equal(Severity.Error, finding.Severity);
    }

    [Fact]
    public void A_network_whose_weights_are_all_frozen_is_an_error()
    {
        _seed.Replace(_seed.Net, "lr_mult: 1.0", "lr_mult: 0");
        _seed.Replace(_seed.Net, "lr_mult: 2.0", "lr_mult: 0");
        Assert.Contains(Examine().Findings, found => found is { Rule: "loss", Severity: Severity.Error });
    }

    [Fact]
    public void Databases_with_other_class_names_are_an_error()
    {
        File.WriteAllText(Path.Combine(_seed.Folder, "dataset", "labels.txt"), "ball\nbox\n");
        Directory.CreateDirectory(Path.Combine(_seed.Folder, "other", "val_db"));
        File.WriteAllText(Path.Combine(_seed.Folder, "other", "labels.txt"), "ball\ncross\n");
        Assert.DoesNotContain(Examine().Findings, found => found.Rule == "class-names");
        _seed.Replace(_seed.Net, "./dataset/val_db", "./other/val_db");
        Finding finding = Assert.Single(Examine().Findings, found => found.Rule == "class-names");
        Assert.Contains("ball, cross", finding.Summary, StringComparison.Ordinal);
    }
}
