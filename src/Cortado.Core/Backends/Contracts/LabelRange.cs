namespace Cortado.Backends.Contracts;

/// <summary>
/// Labels are stored as floats; as Caffe, they count by their whole part. Caffe does not check them and reads or writes
/// outside its arrays; here the caller's thread looks at all of them before any work starts.
/// </summary>
public static unsafe class LabelRange
{
    /// <summary>Throws at the first label that is neither a class nor ignored.</summary>
    /// <param name="labels">(examples, inner) labels.</param>
    /// <param name="count">How many.</param>
    /// <param name="inner">Labels of one example.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="ignore">The label that stands for none.</param>
    /// <exception cref="CortadoException">A label is not a class; the message says which, where and what was expected.</exception>
    public static void Check(float* labels, int count, int inner, int classes, int? ignore)
    {
        for (int i = 0; i < count; i++)
        {
            float label = labels[i];
            if (label > -1 && label < classes) continue;
            if (IsIgnored(label, ignore)) continue;
            string place = inner == 1 ? $"example {i} of the batch" : $"example {i / inner} of the batch, position {i % inner}";
            string but = ignore == null ? "" : FormattableString.Invariant($" (or {ignore}, which is ignored)");
            throw new CortadoException(FormattableString.Invariant(
                $"the label of {place} is {label}; expected 0 to {classes - 1}{but}. Look at the labels in the data, and at the number of outputs of the layer that gives the scores."));
        }
    }

    /// <summary>Whether a label is the one that stands for none. NaN is no label.</summary>
    public static bool IsIgnored(float label, int? ignore) => ignore != null && !float.IsNaN(label) && (int)label == ignore;
}
