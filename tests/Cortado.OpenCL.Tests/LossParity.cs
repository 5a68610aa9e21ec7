using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Tensors;
using CsCheck;

namespace Cortado.Tests;

/// <summary>Softmax, losses and accuracy.</summary>
[Collection(nameof(ParityCollection))]
public class LossParity(Parity parity)
{
    public static TheoryData<int, int, int> Shapes => new() { { 1, 1, 1 }, { 4, 10, 1 }, { 3, 5, 7 }, { 300, 4, 1 }, { 2, 1001, 1 }, { 5, 3, 900 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Softmax(int outer, int classes, int inner)
    {
        int count = outer * classes * inner;
        parity.Compare($"softmax of {outer} x {classes} x {inner}", stage =>
        {
            ISoftmax op = stage.Prepare(new SoftmaxSpec(outer, classes, inner));
            DeviceBuffer x = stage.Random(count, -20, 20), y = stage.Room(count), dy = stage.Random(count), dx = stage.Room(count);
            op.Forward(x, y);
            op.Backward(y, dy, dx);
            stage.Show("output", y, count);
            stage.Show("gradient", dx, count);
            op.Forward(x, x);
            op.Backward(y, dy, dy);
            stage.Show("output in place", x, count);
            stage.Show("gradient in place", dy, count);
        });
    }

    [Fact]
    public void LossesOfAnyShape() => parity.ForAny(() => Gen.Select(Gen.Int[1, 40], Gen.Int[1, 300], Gen.Int[1, 20]).Sample((outer, classes, inner) =>
    {
        Softmax(outer, classes, inner);
        SoftmaxLoss(outer, classes, inner);
        Accuracy(outer, classes, inner);
        PairLosses(outer, classes);
    }, iter: 3, threads: 1));

    [Fact]
    public void SoftmaxOfWhatIsNotFinite()
    {
        float nan = float.NaN, inf = float.PositiveInfinity;
        foreach (int inner in new[] { 1, 5 })
            parity.Compare($"softmax, inner {inner}", stage =>
            {
                int outer = 5 / inner;
                ISoftmax op = stage.Prepare(new SoftmaxSpec(outer, 3, inner));
                DeviceBuffer y = stage.Room(15);
                op.Forward(stage.Values(nan, 1, 2, 1, nan, 2, inf, 1, 2, -inf, 1, 2, -inf, -inf, -inf), y);
                stage.Show("output", y, 15);
            });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SoftmaxLoss(int outer, int classes, int inner)
    {
        int count = outer * classes * inner, positions = outer * inner;
        foreach (LossNormalization normalization in Enum.GetValues<LossNormalization>())
            foreach (int? ignore in new int?[] { null, 0, 255 })
                parity.Compare($"softmax loss of {outer} x {classes} x {inner}, {normalization}, ignoring {ignore}", stage =>
                {
                    ISoftmaxLoss op = stage.Prepare(new SoftmaxLossSpec(outer, classes, inner, normalization, ignore));
                    DeviceBuffer p = stage.Random(count, 0, 1), labels = stage.Labels(positions, classes), loss = stage.Room(1), dx = stage.Room(count);
                    if (ignore == 255) labels.Update()[positions / 2] = 255;
                    op.Forward(p, labels, loss);
                    stage.Show("loss", loss.Read()[0]);
                    op.Backward(p, labels, stage.Values(0.7f), dx);
                    stage.Show("gradient", dx, count);
                });
    }

    [Fact]
    public void AWrongLabelIsFoundEachTime()
    {
        foreach (var backend in new[] { parity.Device, parity.AsGpu })
        {
            using var stage = new Stage(backend);
            ISoftmaxLoss op = stage.Prepare(new SoftmaxLossSpec(4, 3, 1, LossNormalization.Valid, null));
            IAccuracy accuracy = stage.Prepare(new AccuracySpec(4, 2, 1, 1, null));
            DeviceBuffer p = stage.Random(12, 0, 1), labels = stage.Values(0, 1, 2, 1), loss = stage.Room(1);
            op.Forward(p, labels, loss);
            // Three classes are fine for the loss, and one too many for what knows two.
            Assert.Contains("example 2", Assert.Throws<CortadoException>(() => accuracy.Forward(p, labels, loss, null)).Message);
            labels.Update()[3] = 3;
            string message = Assert.Throws<CortadoException>(() => op.Forward(p, labels, loss)).Message;
            Assert.Contains("example 3 of the batch is 3; expected 0 to 2", message);
            Assert.Throws<CortadoException>(() => op.Backward(p, labels, loss, p));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 9)]
    [InlineData(3, 3000)]
    public void PairLosses(int batch, int inner)
    {
        int count = batch * inner;
        foreach (LossNormalization normalization in Enum.GetValues<LossNormalization>())
            foreach (int? ignore in new int?[] { null, 1 })
                parity.Compare($"sigmoid loss of {batch} x {inner}, {normalization}, ignoring {ignore}", stage =>
                {
                    ILabelLoss op = stage.Prepare(new SigmoidCrossEntropyLossSpec(batch, inner, normalization, ignore));
                    DeviceBuffer x = stage.Random(count, -9, 9), target = stage.Random(count, 0, 1.5f), loss = stage.Room(1), dx = stage.Room(count);
                    op.Forward(x, target, loss);
                    stage.Show("loss", loss.Read()[0]);
                    op.Backward(x, target, stage.Values(0.7f), dx);
                    stage.Show("gradient", dx, count);
                });
        parity.Compare($"Euclidean loss of {batch} x {inner}", stage =>
        {
            IEuclideanLoss op = stage.Prepare(new EuclideanLossSpec(batch, inner));
            DeviceBuffer a = stage.Random(count), b = stage.Random(count), loss = stage.Room(1), da = stage.Room(count), db = stage.Room(count);
            op.Forward(a, b, loss);
            stage.Show("loss", loss.Read()[0]);
            op.Backward(a, b, stage.Values(0.7f), da, db);
            stage.Show("one gradient", da, count);
            stage.Show("the other", db, count);
            op.Backward(a, b, stage.Values(0.3f), null, db);
            stage.Show("the other alone", db, count);
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Accuracy(int outer, int classes, int inner)
    {
        int count = outer * classes * inner, positions = outer * inner;
        foreach (int top in new[] { 1, Math.Min(3, classes) })
            foreach (int? ignore in new int?[] { null, 0 })
                parity.Compare($"accuracy of {outer} x {classes} x {inner}, top {top}, ignoring {ignore}", stage =>
                {
                    IAccuracy op = stage.Prepare(new AccuracySpec(outer, classes, inner, top, ignore));
                    // Few values: many ties.
                    DeviceBuffer scores = stage.Labels(count, 4), labels = stage.Labels(positions, classes), accuracy = stage.Room(1), each = stage.Room(classes);
                    op.Forward(scores, labels, accuracy, null);
                    stage.Show("accuracy", accuracy, 1);
                    op.Forward(scores, labels, accuracy, each);
                    stage.Show("each class", each, classes);
                });
    }
}
