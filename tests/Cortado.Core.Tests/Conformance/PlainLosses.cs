namespace Cortado.Tests.Conformance;

/// <summary>Plain formulas of Caffe's losses and scores.</summary>
internal static class PlainLosses
{
    // Caffe's floor under a logarithm: kLOG_THRESHOLD of its multinomial and infogain losses.
    private const double SmallestProbability = 1e-20;

    public static PlainArray Softmax(PlainArray x, int axis)
    {
        (int outer, int dim, int inner) = x.Around(axis);
        var y = new PlainArray(x.Shape);
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
            {
                double[] row = Enumerable.Range(0, dim).Select(c => x.Values[(o * dim + c) * inner + i]).ToArray();
                double largest = row.Max(), sum = row.Sum(value => Math.Exp(value - largest));
                for (int c = 0; c < dim; c++) y.Values[(o * dim + c) * inner + i] = Math.Exp(row[c] - largest) / sum;
            }
        return y;
    }

    public static double SoftmaxLoss(PlainArray x, PlainArray label, int axis, int? ignore, string normalization)
    {
        PlainArray p = Softmax(x, axis);
        (int outer, int dim, int inner) = x.Around(axis);
        double loss = 0;
        int counted = 0;
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
            {
                int wanted = (int)label.Values[o * inner + i];
                if (wanted == ignore) continue;
                loss -= Math.Log(Math.Max(p.Values[(o * dim + wanted) * inner + i], 1.17549435e-38));
                counted++;
            }
        return loss / Divisor(normalization, outer, inner, counted);
    }

    public static double InfogainLoss(PlainArray x, PlainArray label, PlainArray gain, int axis, int? ignore, string normalization)
    {
        PlainArray p = Softmax(x, axis);
        (int outer, int dim, int inner) = x.Around(axis);
        double loss = 0;
        int counted = 0;
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
            {
                int wanted = (int)label.Values[o * inner + i];
                if (wanted == ignore) continue;
                for (int c = 0; c < dim; c++)
                    loss -= gain.Values[wanted * dim + c] * Math.Log(Math.Max(p.Values[(o * dim + c) * inner + i], SmallestProbability));
                counted++;
            }
        return loss / Divisor(normalization, outer, inner, counted);
    }

    public static double SigmoidLoss(PlainArray x, PlainArray target, int? ignore, string normalization)
    {
        double loss = 0;
        int counted = 0;
        for (int i = 0; i < x.Values.Length; i++)
        {
            double value = x.Values[i], wanted = target.Values[i];
            if (ignore != null && (int)wanted == ignore) continue;
            loss += Math.Max(value, 0) - value * wanted + Math.Log(1 + Math.Exp(-Math.Abs(value)));
            counted++;
        }
        return loss / Divisor(normalization, x.Shape[0], x.Values.Length / x.Shape[0], counted);
    }

    public static double Euclidean(PlainArray x, PlainArray y) =>
        x.Values.Zip(y.Values, (a, b) => (a - b) * (a - b)).Sum() / x.Shape[0] / 2;

    public static double Hinge(PlainArray x, PlainArray label, bool squared)
    {
        int dim = x.Values.Length / x.Shape[0];
        double sum = 0;
        for (int i = 0; i < x.Values.Length; i++)
        {
            double margin = Math.Max(0, 1 + (i % dim == (int)label.Values[i / dim] ? -x.Values[i] : x.Values[i]));
            sum += squared ? margin * margin : margin;
        }
        return sum / x.Shape[0];
    }

    public static double Multinomial(PlainArray p, PlainArray label)
    {
        int dim = p.Values.Length / p.Shape[0];
        return label.Values.Select((wanted, n) => -Math.Log(Math.Max(p.Values[n * dim + (int)wanted], SmallestProbability))).Sum() / p.Shape[0];
    }

    public static double Contrastive(PlainArray a, PlainArray b, PlainArray same, double margin, bool legacy)
    {
        int dim = a.Values.Length / a.Shape[0];
        double sum = 0;
        for (int n = 0; n < a.Shape[0]; n++)
        {
            double squared = 0;
            for (int i = n * dim; i < (n + 1) * dim; i++) squared += (a.Values[i] - b.Values[i]) * (a.Values[i] - b.Values[i]);
            sum += same.Values[n] != 0 ? squared : legacy ? Math.Max(margin - squared, 0) : Math.Pow(Math.Max(margin - Math.Sqrt(squared), 0), 2);
        }
        return sum / a.Shape[0] / 2;
    }

    /// <summary>The share of right answers: as many scores reach the true class's own as fit before place <paramref name="top"/>.</summary>
    public static (double All, double[] PerClass) Accuracy(PlainArray x, PlainArray label, int axis, int top, int? ignore)
    {
        (int outer, int dim, int inner) = x.Around(axis);
        double[] right = new double[dim], of = new double[dim];
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
            {
                int wanted = (int)label.Values[o * inner + i];
                if (wanted == ignore) continue;
                double own = x.Values[(o * dim + wanted) * inner + i];
                int better = -1;
                for (int c = 0; c < dim; c++)
                    if (x.Values[(o * dim + c) * inner + i] >= own) better++;
                of[wanted]++;
                if (better < top) right[wanted]++;
            }
        return (of.Sum() == 0 ? 0 : right.Sum() / of.Sum(), right.Select((count, c) => of[c] == 0 ? 0 : count / of[c]).ToArray());
    }

    private static double Divisor(string normalization, int outer, int inner, int counted) =>
        Math.Max(1, normalization switch { "FULL" => outer * inner, "VALID" => counted, "BATCH_SIZE" => outer, _ => 1.0 });
}
