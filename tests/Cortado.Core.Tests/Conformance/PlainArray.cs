namespace Cortado.Tests.Conformance;

/// <summary>An array in double precision with any number of axes: what the plain references compute with.</summary>
internal sealed class PlainArray
{
    public PlainArray(params int[] shape)
    {
        Shape = shape;
        Values = new double[shape.Aggregate(1, (count, dim) => count * dim)];
    }

    public int[] Shape { get; }

    public double[] Values { get; }

    public ref double this[params ReadOnlySpan<int> place] => ref Values[Offset(place)];

    public float[] ToFloats() => Array.ConvertAll(Values, value => (float)value);

    /// <summary>Values in [low, high) that float32 holds exactly.</summary>
    public static PlainArray Random(Random random, double low, double high, params int[] shape)
    {
        var array = new PlainArray(shape);
        for (int i = 0; i < array.Values.Length; i++) array.Values[i] = (float)(low + (high - low) * random.NextDouble());
        return array;
    }

    /// <summary>Whole numbers below <paramref name="classes"/>.</summary>
    public static PlainArray Labels(Random random, int classes, params int[] shape)
    {
        var array = new PlainArray(shape);
        for (int i = 0; i < array.Values.Length; i++) array.Values[i] = random.Next(classes);
        return array;
    }

    /// <summary>The array as (before, axis, after).</summary>
    public (int Outer, int Dim, int Inner) Around(int axis)
    {
        int outer = 1, inner = 1;
        for (int i = 0; i < axis; i++) outer *= Shape[i];
        for (int i = axis + 1; i < Shape.Length; i++) inner *= Shape[i];
        return (outer, Shape[axis], inner);
    }

    public PlainArray Map(Func<double, double> function)
    {
        var result = new PlainArray(Shape);
        for (int i = 0; i < Values.Length; i++) result.Values[i] = function(Values[i]);
        return result;
    }

    private int Offset(ReadOnlySpan<int> place)
    {
        int offset = 0;
        for (int i = 0; i < place.Length; i++) offset = offset * Shape[i] + place[i];
        return offset;
    }
}
