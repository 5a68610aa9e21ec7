namespace Cortado.Tests.Conformance;

/// <summary>Layers that multiply, join, cut, reshape, reduce and normalise, against plain loops of Caffe's rules.</summary>
public class ArrangementRules
{
    private static readonly int[] Shape = [2, 6, 4, 3];

    private readonly Random _random = new(21);

    [Theory]
    [InlineData(1, false, true)]
    [InlineData(1, true, true)]
    [InlineData(0, false, false)]
    [InlineData(2, true, false)]
    [InlineData(-1, false, true)]
    [InlineData(-2, true, true)]
    public void InnerProduct(int axis, bool transpose, bool bias)
    {
        using var check = new RuleCheck();
        foreach (int outputs in new[] { 1, 2, 7, 33 })
            foreach (int[] shape in new[] { Shape, [1, 5, 3], [17, 40], [3, 1] })
            {
                if (Math.Abs(axis) > shape.Length || axis >= shape.Length) continue;
                int from = axis < 0 ? axis + shape.Length : axis;
                PlainArray x = PlainArray.Random(_random, -1, 1, shape);
                int rows = shape[..from].Aggregate(1, (count, dim) => count * dim), depth = x.Values.Length / rows;
                PlainArray weights = PlainArray.Random(_random, -1, 1, transpose ? [depth, outputs] : [outputs, depth]), biases = PlainArray.Random(_random, -1, 1, outputs);
                var y = new PlainArray([.. shape[..from], outputs]);
                for (int row = 0; row < rows; row++)
                    for (int o = 0; o < outputs; o++)
                    {
                        double sum = bias ? biases.Values[o] : 0;
                        for (int k = 0; k < depth; k++) sum += x.Values[row * depth + k] * (transpose ? weights[k, o] : weights[o, k]);
                        y.Values[row * outputs + o] = sum;
                    }
                check.Compare("InnerProduct", $"inner_product_param {{ num_output: {outputs} axis: {axis} transpose: {Bool(transpose)} bias_term: {Bool(bias)} }}", [x], [y], bias ? [weights, biases] : [weights]);
            }
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("concat_param { axis: 0 }", 0)]
    [InlineData("concat_param { axis: 2 }", 2)]
    [InlineData("concat_param { axis: -1 }", 3)]
    [InlineData("concat_param { axis: -3 }", 1)]
    [InlineData("concat_param { concat_dim: 2 }", 2)]
    [InlineData("concat_param { concat_dim: 0 }", 0)]
    public void ConcatAndSlice(string settings, int axis)
    {
        using var check = new RuleCheck();
        PlainArray whole = PlainArray.Random(_random, -1, 1, 6, 6, 6, 6);
        PlainArray[] Cut(params int[] ends) => ends.Select((end, i) => Part(whole, axis, i == 0 ? 0 : ends[i - 1], end)).ToArray();

        check.Compare("Concat", settings, Cut(1, 4, 6), [whole]);
        check.Compare("Concat", settings, [whole], [whole]);
        string slice = settings.Replace("concat", "slice", StringComparison.Ordinal);
        check.Compare("Slice", slice, [whole], Cut(2, 4, 6));
        check.Compare("Slice", slice, [whole], Cut(3, 6));
        check.Compare("Slice", slice, [whole], [whole]);
        string points = slice.Length == 0 ? "slice_param { slice_point: 1 slice_point: 4 }" : slice.Replace("}", "slice_point: 1 slice_point: 4 }", StringComparison.Ordinal);
        check.Compare("Slice", points, [whole], Cut(1, 4, 6));
    }

    [Fact]
    public void Eltwise()
    {
        using var check = new RuleCheck();
        PlainArray[] x = Enumerable.Range(0, 4).Select(_ => PlainArray.Random(_random, -2, 2, Shape)).ToArray();
        foreach (int count in new[] { 2, 3, 4 })
        {
            PlainArray[] bottoms = x[..count];
            double[] coefficients = [1, -0.5, 2.25, 0];
            string coeff = string.Concat(coefficients[..count].Select(value => FormattableString.Invariant($" coeff: {value}")));
            check.Compare("Eltwise", "", bottoms, [Combine(bottoms, values => values.Sum())]);
            check.Compare("Eltwise", $"eltwise_param {{ operation: SUM{coeff} }}", bottoms, [Combine(bottoms, values => values.Select((value, i) => value * coefficients[i]).Sum())]);
            check.Compare("Eltwise", "eltwise_param { operation: PROD }", bottoms, [Combine(bottoms, values => values.Aggregate(1.0, (product, value) => product * value))]);
            check.Compare("Eltwise", "eltwise_param { operation: PROD stable_prod_grad: false }", bottoms, [Combine(bottoms, values => values.Aggregate(1.0, (product, value) => product * value))]);
            check.Compare("Eltwise", "eltwise_param { operation: MAX }", bottoms, [Combine(bottoms, values => values.Max())]);
        }
    }

    /// <summary>Of two, the second counts unless the first is greater; a further one counts only if it is greater: so a NaN may vanish.</summary>
    [Fact]
    public void EltwiseMaxOfNan()
    {
        using var check = new RuleCheck();
        PlainArray a = new(4), b = new(4), c = new(4), two = new(4), three = new(4);
        new[] { double.NaN, 1, double.NaN, 2 }.CopyTo(a.Values, 0);
        new[] { 5, double.NaN, double.NaN, 1.0 }.CopyTo(b.Values, 0);
        new[] { 3, 9, 7, double.NaN }.CopyTo(c.Values, 0);
        new[] { 5, double.NaN, double.NaN, 2 }.CopyTo(two.Values, 0);
        new[] { 5, double.NaN, double.NaN, 2 }.CopyTo(three.Values, 0);
        check.Compare("Eltwise", "eltwise_param { operation: MAX }", [a, b], [two]);
        check.Compare("Eltwise", "eltwise_param { operation: MAX }", [a, b, c], [three]);
    }

    [Theory]
    [InlineData("Flatten", "", "2 72")]
    [InlineData("Flatten", "flatten_param { axis: 2 }", "2 6 12")]
    [InlineData("Flatten", "flatten_param { axis: 1 end_axis: 2 }", "2 24 3")]
    [InlineData("Flatten", "flatten_param { axis: 0 }", "144")]
    [InlineData("Flatten", "flatten_param { axis: -3 end_axis: -2 }", "2 24 3")]
    [InlineData("Flatten", "flatten_param { axis: 3 }", "2 6 4 3")]
    [InlineData("Reshape", "reshape_param { shape { dim: 0 dim: -1 } }", "2 72")]
    [InlineData("Reshape", "reshape_param { shape { dim: 0 dim: 0 dim: 12 } }", "2 6 12")]
    [InlineData("Reshape", "reshape_param { shape { dim: -1 dim: 8 } }", "18 8")]
    [InlineData("Reshape", "reshape_param { shape { dim: -1 } }", "144")]
    [InlineData("Reshape", "reshape_param { shape { dim: 2 dim: 2 dim: 3 dim: 4 dim: 3 } }", "2 2 3 4 3")]
    [InlineData("Reshape", "reshape_param { axis: 1 num_axes: 1 shape { dim: 2 dim: 3 } }", "2 2 3 4 3")]
    [InlineData("Reshape", "reshape_param { axis: 1 shape { dim: -1 dim: 9 } }", "2 8 9")]
    [InlineData("Reshape", "reshape_param { axis: -2 num_axes: 1 shape { dim: 3 dim: 1 } }", "2 6 4 3 1")]
    [InlineData("Reshape", "reshape_param { axis: -3 shape { dim: 12 } }", "2 6 12")]
    [InlineData("Reshape", "reshape_param { axis: 2 num_axes: 0 shape { dim: 1 } }", "2 6 1 4 3")]
    [InlineData("Reshape", "reshape_param { axis: -1 num_axes: 0 shape { dim: 1 dim: 1 } }", "2 6 4 3 1 1")]
    [InlineData("Reshape", "reshape_param { axis: 1 num_axes: 3 shape { } }", "")]
    [InlineData("Reshape", "reshape_param { axis: 0 num_axes: -1 shape { dim: 0 dim: 0 dim: -1 } }", "2 6 12")]
    public void OnlyTheShapeChanges(string type, string settings, string shape)
    {
        using var check = new RuleCheck();
        // An empty shape swallows axes that hold one element each.
        PlainArray x = PlainArray.Random(_random, -1, 1, shape.Length == 0 ? [5, 1, 1, 1] : Shape);
        PlainArray y = new(shape.Length == 0 ? [5] : shape.Split(' ').Select(int.Parse).ToArray());
        x.Values.CopyTo(y.Values, 0);
        check.Compare(type, settings, [x], [y]);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(-1, 3)]
    [InlineData(3, 1)]
    public void Tile(int axis, int tiles)
    {
        using var check = new RuleCheck();
        PlainArray x = PlainArray.Random(_random, -1, 1, Shape);
        (int outer, int dim, int inner) = x.Around(axis < 0 ? axis + 4 : axis);
        int[] shape = (int[])Shape.Clone();
        shape[axis < 0 ? axis + 4 : axis] *= tiles;
        var y = new PlainArray(shape);
        for (int i = 0; i < outer; i++)
            for (int tile = 0; tile < tiles; tile++)
                for (int j = 0; j < dim * inner; j++) y.Values[(i * tiles + tile) * dim * inner + j] = x.Values[i * dim * inner + j];
        check.Compare("Tile", $"tile_param {{ axis: {axis} tiles: {tiles} }}", [x], [y]);
    }

    [Theory]
    [InlineData("", "2 6 2 2", "0 0 0 0")]
    [InlineData("crop_param { offset: 1 }", "2 6 2 2", "0 0 1 1")]
    [InlineData("crop_param { offset: 2 offset: 0 }", "2 6 2 2", "0 0 2 0")]
    [InlineData("crop_param { axis: 1 offset: 3 offset: 1 offset: 0 }", "2 2 2 2", "0 3 1 0")]
    [InlineData("crop_param { axis: 3 offset: 1 }", "9 9 9 2", "0 0 0 1")]
    [InlineData("crop_param { axis: -1 }", "1 1 1 1", "0 0 0 0")]
    [InlineData("crop_param { axis: 0 offset: 1 }", "1 5 3 2", "1 1 1 1")]
    [InlineData("crop_param { axis: 0 offset: 0 offset: 5 offset: 3 offset: 2 }", "2 1 1 1", "0 5 3 2")]
    public void Crop(string settings, string size, string offset)
    {
        using var check = new RuleCheck();
        int[] reference = size.Split(' ').Select(int.Parse).ToArray(), from = offset.Split(' ').Select(int.Parse).ToArray();
        PlainArray x = PlainArray.Random(_random, -1, 1, Shape);
        int axis = settings.Contains("axis", StringComparison.Ordinal) ? int.Parse(settings.Split("axis: ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) : 2;
        PlainArray y = x;
        for (int i = axis < 0 ? axis + 4 : axis; i < 4; i++) y = Part(y, i, from[i], from[i] + reference[i]);
        check.Compare("Crop", settings, [x, new PlainArray(reference)], [y]);
    }

    [Theory]
    [InlineData("SUM")]
    [InlineData("ASUM")]
    [InlineData("SUMSQ")]
    [InlineData("MEAN")]
    public void Reduction(string operation)
    {
        using var check = new RuleCheck();
        PlainArray x = PlainArray.Random(_random, -2, 2, Shape);
        foreach (int axis in new[] { 0, 1, 2, 3, -1, -2 })
            foreach (double coeff in new[] { 1, -0.5 })
            {
                int from = axis < 0 ? axis + 4 : axis;
                var y = new PlainArray(Shape[..from]);
                int each = x.Values.Length / y.Values.Length;
                for (int i = 0; i < y.Values.Length; i++)
                {
                    IEnumerable<double> values = x.Values.Skip(i * each).Take(each);
                    y.Values[i] = coeff * operation switch { "SUM" => values.Sum(), "ASUM" => values.Sum(Math.Abs), "SUMSQ" => values.Sum(value => value * value), _ => values.Average() };
                }
                check.Compare("Reduction", FormattableString.Invariant($"reduction_param {{ operation: {operation} axis: {axis} coeff: {coeff} }}"), [x], [y]);
            }
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("softmax_param { axis: 0 }", 0)]
    [InlineData("softmax_param { axis: 2 }", 2)]
    [InlineData("softmax_param { axis: -1 }", 3)]
    public void Softmax(string settings, int axis)
    {
        using var check = new RuleCheck();
        PlainArray x = PlainArray.Random(_random, -9, 9, Shape);
        check.Compare("Softmax", settings, [x], [PlainLosses.Softmax(x, axis)]);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void MeanAndVariance(bool across, bool variance)
    {
        using var check = new RuleCheck();
        foreach (double eps in new[] { 1e-9, 0.1 })
        {
            PlainArray x = PlainArray.Random(_random, -1, 3, Shape);
            int each = across ? 72 : 12;
            var y = new PlainArray(Shape);
            for (int start = 0; start < x.Values.Length; start += each)
            {
                double[] part = x.Values[start..(start + each)];
                double mean = part.Average(), deviation = Math.Sqrt(part.Average(value => (value - mean) * (value - mean)));
                for (int i = 0; i < each; i++) y.Values[start + i] = (part[i] - mean) / (variance ? deviation + eps : 1);
            }
            check.Compare("MVN", FormattableString.Invariant($"mvn_param {{ across_channels: {Bool(across)} normalize_variance: {Bool(variance)} eps: {eps} }}"), [x], [y]);
        }
    }

    [Fact]
    public void BatchNorm()
    {
        using var check = new RuleCheck();
        foreach (int[] shape in new[] { Shape, [5, 4], [3, 2, 5] })
            foreach (double eps in new[] { 1e-5, 0.3 })
            {
                PlainArray x = PlainArray.Random(_random, -1, 3, shape), mean = PlainArray.Random(_random, -1, 1, shape[1]), variance = PlainArray.Random(_random, 0.5, 2, shape[1]), factor = PlainArray.Random(_random, 0.5, 9, 1);
                string settings = FormattableString.Invariant($"eps: {eps}");
                PlainArray batch = Normalize(x, channel => channel.Average(), channel => channel.Average(value => (value - channel.Average()) * (value - channel.Average())), eps);
                int next = 0;
                PlainArray stored = Normalize(x, _ => mean.Values[next] / factor.Values[0], _ => variance.Values[next++] / factor.Values[0], eps);
                check.Compare("BatchNorm", $"batch_norm_param {{ {settings} }}", [x], [batch], [mean, variance, factor]);
                check.Compare("BatchNorm", $"batch_norm_param {{ {settings} use_global_stats: false }}", [x], [batch], [mean, variance, factor], Formats.Phase.Test);
                check.Compare("BatchNorm", $"batch_norm_param {{ {settings} use_global_stats: true }}", [x], [stored], [mean, variance, factor]);
                check.Compare("BatchNorm", $"batch_norm_param {{ {settings} }}", [x], [stored], [mean, variance, factor], Formats.Phase.Test);
            }
    }

    [Fact]
    public void Embed()
    {
        using var check = new RuleCheck();
        foreach (int[] shape in new[] { new[] { 5 }, [2, 3], [2, 1, 4] })
            foreach (bool bias in new[] { true, false })
            {
                PlainArray x = PlainArray.Labels(_random, 7, shape), table = PlainArray.Random(_random, -1, 1, 7, 3), biases = PlainArray.Random(_random, -1, 1, 3);
                var y = new PlainArray([.. shape, 3]);
                for (int i = 0; i < y.Values.Length; i++) y.Values[i] = table[(int)x.Values[i / 3], i % 3] + (bias ? biases.Values[i % 3] : 0);
                check.Compare("Embed", $"embed_param {{ num_output: 3 input_dim: 7 bias_term: {Bool(bias)} }}", [x], [y], bias ? [table, biases] : [table]);
            }
    }

    private static PlainArray Normalize(PlainArray x, Func<double[], double> mean, Func<double[], double> variance, double eps)
    {
        var y = new PlainArray(x.Shape);
        (int outer, int channels, int inner) = x.Around(1);
        for (int c = 0; c < channels; c++)
        {
            int[] places = Enumerable.Range(0, outer).SelectMany(n => Enumerable.Range(0, inner).Select(i => (n * channels + c) * inner + i)).ToArray();
            double[] values = places.Select(place => x.Values[place]).ToArray();
            double center = mean(values), width = Math.Sqrt(variance(values) + eps);
            foreach (int place in places) y.Values[place] = (x.Values[place] - center) / width;
        }
        return y;
    }

    private static PlainArray Combine(PlainArray[] x, Func<double[], double> function)
    {
        var y = new PlainArray(x[0].Shape);
        for (int i = 0; i < y.Values.Length; i++) y.Values[i] = function(x.Select(array => array.Values[i]).ToArray());
        return y;
    }

    private static PlainArray Part(PlainArray x, int axis, int start, int end)
    {
        (int outer, int dim, int inner) = x.Around(axis);
        int[] shape = (int[])x.Shape.Clone();
        shape[axis] = end - start;
        var y = new PlainArray(shape);
        int width = (end - start) * inner;
        for (int i = 0; i < outer; i++) Array.Copy(x.Values, i * dim * inner + start * inner, y.Values, i * width, width);
        return y;
    }

    private static string Bool(bool value) => value ? "true" : "false";
}
