using System.Globalization;
using Cortado.Solvers;

namespace Cortado.Tests.Solvers;

public class CaffeNumberTests
{
    // Right column: what printf %g of the C library prints.
    [Theory]
    [InlineData(0.03, "0.03")]
    [InlineData(1e-5, "1e-05")]
    [InlineData(999999.5, "1e+06")]
    [InlineData(999999.4, "999999")]
    [InlineData(123456, "123456")]
    [InlineData(1234567, "1.23457e+06")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001234, "1.234e-05")]
    [InlineData(0.000123456789, "0.000123457")]
    [InlineData(3e-10, "3e-10")]
    [InlineData(87.3365, "87.3365")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(100000, "100000")]
    [InlineData(1e100, "1e+100")]
    [InlineData(-7.9874e-44, "-7.9874e-44")]
    [InlineData(0.99999949, "0.999999")]
    [InlineData(0.9999996, "1")]
    [InlineData(0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void NumbersAreWrittenAsCStreamsDo(double value, string expected)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(expected, CaffeNumber.Format(value));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void NaNKeepsItsSign()
    {
        Assert.Equal("nan", CaffeNumber.Format(BitConverter.Int32BitsToSingle(0x7fc00000)));
        Assert.Equal("-nan", CaffeNumber.Format(BitConverter.Int32BitsToSingle(unchecked((int)0xffc00000))));
    }

    /// <summary>Every number of Caffe's own logs that six digits can hold comes back as it was written.</summary>
    [Fact]
    public void NumbersOfCaffesLogsComeBack()
    {
        if (!GoldenFolder.Has("logs")) return;
        int seen = 0;
        foreach (string file in Directory.GetFiles(GoldenFolder.PathOf("logs"), "train*.txt"))
        {
            foreach (string line in File.ReadLines(file))
            {
                int at = line.LastIndexOf("loss = ", StringComparison.Ordinal);
                if (at < 0 || line.EndsWith(')')) continue;
                string number = line[(at + 7)..];
                if (!float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)) continue;
                Assert.Equal(number, CaffeNumber.Format(value));
                seen++;
            }
        }
        Assert.True(seen > 100);
    }
}
