using System.CommandLine;
using System.Globalization;

namespace Cortado.Cli;

/// <summary>Options that take a number, written the same way in every culture.</summary>
internal static class Numbers
{
    /// <summary>An optional whole number of at least 1.</summary>
    public static Option<int?> Positive(string name, string description)
    {
        var option = new Option<int?>(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0) return number;
                result.AddError($"{name} {text}: expected a whole number from 1 to {int.MaxValue}{Comma(text)}.");
                return null;
            },
        };
        return option;
    }

    /// <summary>An optional seed: any whole number from 0 that 64 bits hold.</summary>
    public static Option<ulong?> Seed(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)) return number;
            result.AddError($"{name} {text}: expected a whole number from 0 to {ulong.MaxValue}{Comma(text)}.");
            return null;
        },
    };

    private static string Comma(string text) => text.Contains(',') ? ", without a comma" : "";
}
