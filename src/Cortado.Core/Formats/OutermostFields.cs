namespace Cortado.Formats;

/// <summary>Tells networks from solvers by the fields that stand outside all braces, also in a file that is wrong further down.</summary>
internal static class OutermostFields
{
    /// <summary>What a text describes: what most of its outermost fields belong to.</summary>
    public static PrototxtKind KindOf(string text)
    {
        int depth = 0, network = 0, solver = 0;
        try
        {
            var tokens = new PrototxtTokenizer(text, "", new SourceMap("", text));
            for (; tokens.Current.Kind != PrototxtTokenKind.End; tokens.Next())
            {
                if (tokens.Is('{') || tokens.Is('<')) depth++;
                else if (tokens.Is('}') || tokens.Is('>')) depth--;
                if (depth != 0 || tokens.Current.Kind != PrototxtTokenKind.Identifier) continue;
                bool ofNet = NetParameter.Descriptor.FindFieldByName(tokens.Text) != null, ofSolver = SolverParameter.Descriptor.FindFieldByName(tokens.Text) != null;
                if (ofNet && !ofSolver) network++;
                if (ofSolver && !ofNet) solver++;
            }
        }
        catch (PrototxtException)
        {
            // What stands before the error is enough to tell.
        }
        return network == solver ? PrototxtKind.Unknown : network > solver ? PrototxtKind.Network : PrototxtKind.Solver;
    }
}
