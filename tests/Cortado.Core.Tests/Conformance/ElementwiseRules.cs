namespace Cortado.Tests.Conformance;

/// <summary>Layers that treat each value by itself, and those that scale or shift, against the formulas of Caffe's documentation.</summary>
public class ElementwiseRules
{
    // Enough elements for whole vectors and a rest.
    private static readonly int[] Shape = [3, 5, 7, 2];

    [Theory]
    [InlineData("ReLU", "")]
    [InlineData("ReLU", "relu_param { negative_slope: -0.5 }")]
    [InlineData("ELU", "")]
    [InlineData("ELU", "elu_param { alpha: 0.3 }")]
    [InlineData("ELU", "elu_param { alpha: -2 }")]
    [InlineData("Sigmoid", "")]
    [InlineData("TanH", "")]
    [InlineData("AbsVal", "")]
    [InlineData("BNLL", "")]
    [InlineData("Swish", "")]
    [InlineData("Swish", "swish_param { beta: -0.7 }")]
    [InlineData("Clip", "clip_param { min: -1.5 max: 2 }")]
    [InlineData("Threshold", "")]
    [InlineData("Threshold", "threshold_param { threshold: -1.25 }")]
    [InlineData("Power", "")]
    [InlineData("Power", "power_param { power: 3 }")]
    [InlineData("Power", "power_param { power: 0 shift: 5 scale: 0 }")]
    [InlineData("Power", "power_param { power: 2 scale: 0 shift: 1.5 }")]
    [InlineData("Power", "power_param { power: -1 scale: 0.25 shift: 3 }")]
    [InlineData("Power", "power_param { power: 0.5 scale: -0.1 shift: 2 }")]
    [InlineData("Power", "power_param { shift: -2 scale: 0.5 }")]
    [InlineData("Exp", "")]
    [InlineData("Exp", "exp_param { base: 2 }")]
    [InlineData("Exp", "exp_param { scale: -0.5 shift: 1 }")]
    [InlineData("Exp", "exp_param { base: 10 scale: 0.3 shift: -1 }")]
    [InlineData("Exp", "exp_param { base: 0.5 scale: 2 shift: 0.5 }")]
    [InlineData("Log", "log_param { shift: 5 }")]
    [InlineData("Log", "log_param { scale: 0.5 shift: 9 }")]
    [InlineData("Log", "log_param { base: 2 scale: -1 shift: 6 }")]
    [InlineData("Log", "log_param { base: 0.1 shift: 5 }")]
    [InlineData("Dropout", "dropout_param { dropout_ratio: 0 }")]
    public void Function(string type, string settings)
    {
        using var check = new RuleCheck();
        PlainArray x = PlainArray.Random(new Random(11), -4, 4, Shape);
        check.Compare(type, settings, [x], [x.Map(Formula(type, settings))]);
    }

    [Theory]
    [InlineData("Sigmoid")]
    [InlineData("TanH")]
    [InlineData("BNLL")]
    [InlineData("ELU")]
    [InlineData("Swish")]
    public void FarFromZero(string type)
    {
        using var check = new RuleCheck();
        var x = new PlainArray(2, 3);
        new[] { -100.0, -30, -0.0, 1e-7, 30, 100 }.CopyTo(x.Values, 0);
        check.Compare(type, "", [x], [x.Map(Formula(type, ""))]);
    }

    /// <summary>NaN and the infinities go as Caffe's formulas take them, in C++'s order of comparisons: a clipped NaN becomes the lower bound.</summary>
    [Theory]
    [InlineData("ELU", "", float.NaN, float.PositiveInfinity, -1)]
    [InlineData("Sigmoid", "", float.NaN, 1, 0)]
    [InlineData("TanH", "", float.NaN, 1, -1)]
    [InlineData("AbsVal", "", float.NaN, float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("BNLL", "", float.NaN, float.PositiveInfinity, 0)]
    [InlineData("Swish", "", float.NaN, float.PositiveInfinity, float.NaN)]
    [InlineData("Clip", "clip_param { min: -2 max: 3 }", -2, 3, -2)]
    [InlineData("Threshold", "", 0, 1, 0)]
    [InlineData("Power", "power_param { power: 2 }", float.NaN, float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("Power", "power_param { scale: -1 shift: 1 }", float.NaN, float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData("Exp", "", float.NaN, float.PositiveInfinity, 0)]
    [InlineData("Log", "", float.NaN, float.PositiveInfinity, float.NaN)]
    [InlineData("PReLU", "", float.NaN, float.PositiveInfinity, float.NegativeInfinity)]
    [InlineData("ReLU", "relu_param { negative_slope: 0.5 }", float.NaN, float.PositiveInfinity, float.NegativeInfinity)]
    public void SpecialValues(string type, string settings, float ofNan, float ofInfinity, float ofMinusInfinity)
    {
        using var check = new RuleCheck();
        // As many as fill vectors of any width, and a rest.
        PlainArray x = new(3, 2, 9), y = new(3, 2, 9);
        for (int i = 0; i < x.Values.Length; i++)
            (x.Values[i], y.Values[i]) = (i % 3) switch { 0 => (double.NaN, ofNan), 1 => (double.PositiveInfinity, ofInfinity), _ => (double.NegativeInfinity, (double)ofMinusInfinity) };
        check.Compare(type, settings, [x], [y]);
    }

    [Fact]
    public void PreluHasASlopePerChannelOrOne()
    {
        using var check = new RuleCheck();
        var random = new Random(12);
        foreach (int[] shape in new[] { Shape, [4, 3], [2, 5, 3], [2, 1, 6, 1] })
        {
            PlainArray x = PlainArray.Random(random, -1, 1, shape), slopes = PlainArray.Random(random, -1, 1, shape[1]), slope = PlainArray.Random(random, -1, 1);
            check.Compare("PReLU", "", [x], [AlongAxes(x, slopes, 1, (value, by) => value > 0 ? value : by * value)], [slopes]);
            check.Compare("PReLU", "prelu_param { channel_shared: true }", [x], [x.Map(value => value > 0 ? value : slope.Values[0] * value)], [slope]);
        }
        PlainArray y = PlainArray.Random(random, -1, 1, 2, 3, 4);
        check.Compare("PReLU", "", [y], [y.Map(value => value > 0 ? value : 0.25 * value)]);
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("axis: 0", 0, 1)]
    [InlineData("axis: 2", 2, 1)]
    [InlineData("axis: -1", 3, 1)]
    [InlineData("axis: 0 num_axes: 2", 0, 2)]
    [InlineData("axis: 1 num_axes: -1", 1, 3)]
    [InlineData("axis: 0 num_axes: -1", 0, 4)]
    [InlineData("num_axes: 0", 0, 0)]
    [InlineData("axis: 2 num_axes: 0", 0, 0)]
    public void ScaleAndBiasSpanAxes(string settings, int axis, int axes)
    {
        using var check = new RuleCheck();
        var random = new Random(13);
        int[] span = Shape[axis..(axis + axes)];
        PlainArray x = PlainArray.Random(random, -1, 1, Shape), by = PlainArray.Random(random, -2, 2, span), plus = PlainArray.Random(random, -2, 2, span);
        PlainArray scaled = AlongAxes(x, by, axis, (value, factor) => value * factor);
        check.Compare("Scale", $"scale_param {{ {settings} }}", [x], [scaled], [by]);
        check.Compare("Scale", $"scale_param {{ {settings} bias_term: true }}", [x], [AlongAxes(scaled, plus, axis, (value, term) => value + term)], [by, plus]);
        check.Compare("Bias", $"bias_param {{ {settings} }}", [x], [AlongAxes(x, plus, axis, (value, term) => value + term)], [plus]);
        // The axes come from the second bottom's shape where there is one.
        string only = settings.Contains("axis", StringComparison.Ordinal) ? settings.Split(" num_axes")[0] : axes == 0 ? "" : settings;
        check.Compare("Scale", $"scale_param {{ {only} }}", [x, by], [scaled]);
        check.Compare("Bias", $"bias_param {{ {only} }}", [x, plus], [AlongAxes(x, plus, axis, (value, term) => value + term)]);
        check.Compare("Scale", $"scale_param {{ {only} bias_term: true }}", [x, by], [AlongAxes(scaled, plus, axis, (value, term) => value + term)], [plus]);
    }

    private static PlainArray AlongAxes(PlainArray x, PlainArray by, int axis, Func<double, double, double> function)
    {
        int inner = 1;
        for (int i = axis + by.Shape.Length; i < x.Shape.Length; i++) inner *= x.Shape[i];
        var y = new PlainArray(x.Shape);
        for (int i = 0; i < y.Values.Length; i++) y.Values[i] = function(x.Values[i], by.Values[i / inner % by.Values.Length]);
        return y;
    }

    private static Func<double, double> Formula(string type, string settings)
    {
        double Set(string name, double otherwise)
        {
            int at = settings.IndexOf(name + ":", StringComparison.Ordinal);
            return at < 0 ? otherwise : double.Parse(settings[(at + name.Length + 1)..].Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        }

        double scale = Set("scale", 1), shift = Set("shift", 0), @base = Set("base", -1);
        return type switch
        {
            "ReLU" => x => x > 0 ? x : Set("negative_slope", 0) * x,
            "ELU" => x => x > 0 ? x : Set("alpha", 1) * (Math.Exp(x) - 1),
            "Sigmoid" => x => 1 / (1 + Math.Exp(-x)),
            "TanH" => Math.Tanh,
            "AbsVal" => Math.Abs,
            "BNLL" => x => x > 0 ? x + Math.Log(1 + Math.Exp(-x)) : Math.Log(1 + Math.Exp(x)),
            "Swish" => x => x / (1 + Math.Exp(-Set("beta", 1) * x)),
            "Clip" => x => Math.Min(Math.Max(x, Set("min", 0)), Set("max", 0)),
            "Threshold" => x => x > Set("threshold", 0) ? 1 : 0,
            "Power" => x => Math.Pow(shift + scale * x, Set("power", 1)),
            "Exp" => x => Math.Pow(@base > 0 ? @base : Math.E, shift + scale * x),
            "Log" => x => Math.Log(shift + scale * x) / (@base > 0 ? Math.Log(@base) : 1),
            "Dropout" => x => x,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No formula."),
        };
    }
}
