namespace Cortado.Tests.Conformance;

/// <summary>Losses and scores in all their settings, against the plain formulas.</summary>
public class LossRules
{
    private readonly Random _random = new(31);

    /// <summary>The setting, and how it divides a loss whose default is VALID and one whose default is BATCH_SIZE.</summary>
    public static TheoryData<string, string, string, int?> Normalizations
    {
        get
        {
            var cases = new TheoryData<string, string, string, int?>();
            foreach (int? ignore in new int?[] { null, 0, 1, 2 })
            {
                foreach (string mode in new[] { "FULL", "VALID", "BATCH_SIZE", "NONE" }) cases.Add($"normalization: {mode}", mode, mode, ignore);
                cases.Add("", "VALID", "BATCH_SIZE", ignore);
                cases.Add("normalize: true", "VALID", "VALID", ignore);
                cases.Add("normalize: false", "BATCH_SIZE", "BATCH_SIZE", ignore);
                cases.Add("normalize: false normalization: FULL", "FULL", "FULL", ignore);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Normalizations))]
    public void SoftmaxWithLoss(string setting, string valid, string batch, int? ignore)
    {
        _ = batch;
        using var check = new RuleCheck();
        string settings = $"loss_param {{ {setting} {Ignore(ignore)} }}";
        PlainArray x = Scores(6, 4), label = PlainArray.Labels(_random, 4, 6);
        check.Compare("SoftmaxWithLoss", settings, [x, label], [One(PlainLosses.SoftmaxLoss(x, label, 1, ignore, valid))]);
        foreach ((int[] shape, int[] labels, int axis) in new[] { (new[] { 2, 4, 3, 5 }, new[] { 2, 1, 3, 5 }, 1), ([2, 3, 5, 4], [2, 3, 5], -1), ([3, 2, 4, 2], [3, 2, 2], 2) })
        {
            PlainArray map = Scores(shape), wanted = PlainArray.Labels(_random, 4, labels);
            check.Compare("SoftmaxWithLoss", $"{settings} softmax_param {{ axis: {axis} }}", [map, wanted], [One(PlainLosses.SoftmaxLoss(map, wanted, axis < 0 ? axis + shape.Length : axis, ignore, valid))]);
        }
    }

    [Theory]
    [MemberData(nameof(Normalizations))]
    public void InfogainLoss(string setting, string valid, string batch, int? ignore)
    {
        _ = batch;
        // The one loss that refuses the old field, in Caffe too.
        if (setting.Contains("normalize:", StringComparison.Ordinal)) return;
        using var check = new RuleCheck();
        string settings = $"loss_param {{ {setting} {Ignore(ignore)} }}";
        PlainArray gain = PlainArray.Random(_random, -1, 1, 1, 1, 4, 4), x = Scores(6, 4), label = PlainArray.Labels(_random, 4, 6);
        check.Compare("InfogainLoss", settings, [x, label, gain], [One(PlainLosses.InfogainLoss(x, label, gain, 1, ignore, valid))]);
        PlainArray map = Scores(2, 3, 4, 2), wanted = PlainArray.Labels(_random, 4, 2, 3, 2);
        check.Compare("InfogainLoss", $"{settings} infogain_loss_param {{ axis: 2 }}", [map, wanted, gain], [One(PlainLosses.InfogainLoss(map, wanted, gain, 2, ignore, valid))]);
    }

    [Theory]
    [MemberData(nameof(Normalizations))]
    public void SigmoidCrossEntropyLoss(string setting, string valid, string batch, int? ignore)
    {
        _ = valid;
        using var check = new RuleCheck();
        string settings = $"loss_param {{ {setting} {Ignore(ignore)} }}";
        foreach (int[] shape in new[] { new[] { 5, 3 }, [2, 3, 2, 2], [4] })
        {
            PlainArray x = Scores(shape), target = ignore == null ? PlainArray.Random(_random, 0, 1, shape) : PlainArray.Labels(_random, 3, shape);
            check.Compare("SigmoidCrossEntropyLoss", settings, [x, target], [One(PlainLosses.SigmoidLoss(x, target, ignore, batch))]);
        }
    }

    [Fact]
    public void OtherLosses()
    {
        using var check = new RuleCheck();
        foreach (int[] shape in new[] { new[] { 5, 3 }, [2, 3, 2, 2], [1, 4] })
        {
            PlainArray x = Scores(shape), y = Scores(shape);
            int dim = x.Values.Length / shape[0];
            PlainArray label = PlainArray.Labels(_random, dim, shape[0]), p = PlainArray.Random(_random, 0, 1, shape);
            check.Compare("EuclideanLoss", "", [x, y], [One(PlainLosses.Euclidean(x, y))]);
            check.Compare("HingeLoss", "", [x, label], [One(PlainLosses.Hinge(x, label, squared: false))]);
            check.Compare("HingeLoss", "hinge_loss_param { norm: L1 }", [x, label], [One(PlainLosses.Hinge(x, label, squared: false))]);
            check.Compare("HingeLoss", "hinge_loss_param { norm: L2 }", [x, label], [One(PlainLosses.Hinge(x, label, squared: true))]);
            check.Compare("MultinomialLogisticLoss", "", [p, label], [One(PlainLosses.Multinomial(p, label))]);
            check.Compare("MultinomialLogisticLoss", "", [p.Map(_ => 0), label], [One(PlainLosses.Multinomial(p.Map(_ => 0), label))]);
        }
        PlainArray a = Scores(7, 4), b = Scores(7, 4), same = PlainArray.Labels(_random, 2, 7);
        foreach (double margin in new[] { 1, 6, 30 })
            foreach (bool legacy in new[] { false, true })
                check.Compare("ContrastiveLoss", FormattableString.Invariant($"contrastive_loss_param {{ margin: {margin} legacy_version: {(legacy ? "true" : "false")} }}"),
                    [a, b, same], [One(PlainLosses.Contrastive(a, b, same, margin, legacy))]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Accuracy(int top)
    {
        using var check = new RuleCheck();
        foreach (int? ignore in new int?[] { null, 1 })
            foreach ((int[] shape, int[] labels, int axis) in new[] { (new[] { 9, 5 }, new[] { 9 }, 1), ([2, 5, 3, 4], [2, 3, 4], 1), ([2, 3, 4, 5], [2, 3, 4], -1), ([5, 6], [6], 0) })
            {
                // Few different scores: ties are common.
                PlainArray x = PlainArray.Labels(_random, 4, shape), label = PlainArray.Labels(_random, 4, labels);
                (double all, double[] perClass) = PlainLosses.Accuracy(x, label, axis < 0 ? axis + shape.Length : axis, top, ignore);
                string settings = $"accuracy_param {{ top_k: {top} axis: {axis} {Ignore(ignore)} }}";
                check.Compare("Accuracy", settings, [x, label], [One(all)]);
                var each = new PlainArray(perClass.Length);
                perClass.CopyTo(each.Values, 0);
                check.Compare("Accuracy", settings, [x, label], [One(all), each]);
            }
    }

    [Fact]
    public void ArgMax()
    {
        using var check = new RuleCheck();
        // The values are all different, so that the order is certain.
        var x = new PlainArray(2, 3, 4, 5);
        int[] places = Enumerable.Range(0, x.Values.Length).ToArray();
        _random.Shuffle(places);
        for (int i = 0; i < places.Length; i++) x.Values[i] = places[i];
        foreach (int top in new[] { 1, 3 })
        {
            (double[] indices, double[] values) = Best(x, 0, 1, top);
            check.Compare("ArgMax", $"argmax_param {{ top_k: {top} }}", [x], [Filled(indices, 2, 1, top, 1)]);
            check.Compare("ArgMax", $"argmax_param {{ top_k: {top} out_max_val: true }}", [x], [Filled([.. indices[..top], .. values[..top], .. indices[top..], .. values[top..]], 2, 2, top, 1)]);
            foreach (int axis in new[] { 1, 2, 3, -1 })
            {
                int at = axis < 0 ? 3 : axis;
                int[] shape = [2, 3, 4, 5];
                shape[at] = top;
                (double[] found, double[] best) = Best(x, at, x.Around(at).Inner, top, x.Shape[at]);
                check.Compare("ArgMax", $"argmax_param {{ top_k: {top} axis: {axis} }}", [x], [Filled(found, shape)]);
                check.Compare("ArgMax", $"argmax_param {{ top_k: {top} axis: {axis} out_max_val: true }}", [x], [Filled(best, shape)]);
            }
        }
    }

    private static (double[] Indices, double[] Values) Best(PlainArray x, int axis, int inner, int top, int? dim = null)
    {
        int each = dim ?? x.Values.Length / x.Shape[0], outer = x.Values.Length / each / inner;
        double[] indices = new double[outer * top * inner], values = new double[outer * top * inner];
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
            {
                int[] order = Enumerable.Range(0, each).OrderByDescending(c => x.Values[(o * each + c) * inner + i]).ToArray();
                for (int k = 0; k < top; k++)
                {
                    indices[(o * top + k) * inner + i] = order[k];
                    values[(o * top + k) * inner + i] = x.Values[(o * each + order[k]) * inner + i];
                }
            }
        return (indices, values);
    }

    private PlainArray Scores(params int[] shape) => PlainArray.Random(_random, -4, 4, shape);

    private static PlainArray One(double value) => Filled([value]);

    private static PlainArray Filled(double[] values, params int[] shape)
    {
        var array = new PlainArray(shape);
        values.CopyTo(array.Values, 0);
        return array;
    }

    private static string Ignore(int? label) => label is { } value ? $"ignore_label: {value}" : "";
}
