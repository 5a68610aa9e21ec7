using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Tensors;
using CsCheck;

namespace Cortado.Tests;

/// <summary>Rows that are repeated, reduced or normalised, and losses of rows of scores.</summary>
[Collection(nameof(ParityCollection))]
public class RowParity(Parity parity)
{
    public static TheoryData<int, int, int> Shapes => new() { { 1, 1, 1 }, { 3, 7, 2 }, { 2, 300, 3 }, { 40, 17, 1 }, { 1, 1000, 5 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Rows(int rows, int length, int copies)
    {
        int count = rows * length;
        parity.Compare($"{copies} copies of {rows} x {length}", stage =>
        {
            ITile op = stage.Prepare(new TileSpec(rows, length, copies));
            DeviceBuffer y = stage.Room(count * copies), dx = stage.Room(count);
            op.Forward(stage.Random(count), y);
            op.Backward(stage.Random(count * copies), dx);
            stage.Show("copies", y, count * copies);
            stage.Show("gradient", dx, count);
        });
        foreach (ReductionKind kind in Enum.GetValues<ReductionKind>())
            parity.Compare($"{kind} of {rows} x {length}", stage =>
            {
                IReduction op = stage.Prepare(new ReductionSpec(rows, length, kind, 0.3f));
                DeviceBuffer x = stage.Random(count), y = stage.Room(rows), dx = stage.Room(count);
                op.Forward(x, y);
                op.Backward(x, stage.Random(rows), dx);
                stage.Show("numbers", y, rows);
                stage.Show("gradient", dx, count);
            });
        foreach (bool variance in new[] { false, true })
            parity.Compare($"{rows} x {length} normalised, variance {variance}", stage =>
            {
                IMeanVariance op = stage.Prepare(new MeanVarianceSpec(rows, length, variance, 1e-3f));
                DeviceBuffer x = stage.Random(count, -2, 5), y = stage.Room(count), deviation = stage.Room(rows), dy = stage.Random(count), dx = stage.Room(count);
                op.Forward(x, y, deviation);
                op.Backward(y, deviation, dy, dx);
                // Of a single value everything but the deviation is nothing but rounding.
                stage.Show("deviations", deviation, rows);
                if (length == 1) return;
                stage.Show("output", y, count);
                stage.Show("gradient", dx, count);
                op.Forward(x, x, deviation);
                op.Backward(y, deviation, dy, dy);
                stage.Show("output in place", x, count);
                stage.Show("gradient in place", dy, count);
            });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void LabelLosses(int batch, int classes, int seed)
    {
        int count = batch * classes;
        foreach (OperatorSpec<ILabelLoss> spec in new OperatorSpec<ILabelLoss>[] { new HingeLossSpec(batch, classes, false), new HingeLossSpec(batch, classes, true), new MultinomialLogisticLossSpec(batch, classes) })
            parity.Compare($"{spec}, {seed}", stage =>
            {
                ILabelLoss op = stage.Prepare(spec);
                bool probabilities = spec is MultinomialLogisticLossSpec;
                DeviceBuffer x = stage.Random(count, probabilities ? 0.01f : -2, probabilities ? 1 : 2), labels = stage.Labels(batch, classes), loss = stage.Room(1), dx = stage.Room(count);
                if (probabilities) x.Update()[0] = 0;
                op.Forward(x, labels, loss);
                stage.Show("loss", loss, 1);
                op.Backward(x, labels, stage.Values(0.7f), dx);
                stage.Show("gradient", dx, count);
            });
    }

    [Fact]
    public void RowsOfAnyShape() => parity.ForAny(() => Gen.Select(Gen.Int[1, 30], Gen.Int[2, 400], Gen.Int[1, 6]).Sample((rows, length, copies) =>
    {
        Rows(rows, length, copies);
        LabelLosses(rows, length, copies);
    }, iter: 5, threads: 1));
}
