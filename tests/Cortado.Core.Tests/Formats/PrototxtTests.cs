using System.Globalization;
using System.Text;
using Cortado.Formats;
using Google.Protobuf;

namespace Cortado.Tests.FileFormats;

public class PrototxtTests
{
    [Theory]
    [InlineData("name: \"a\"")]
    [InlineData("name:'a'")]
    [InlineData("name : \"a\" ,")]
    [InlineData("name: 'a';")]
    [InlineData("# first\nname: # between\n'a' # last")]
    [InlineData("\uFEFFname: 'a'\r\n")]
    [InlineData("name: \"\" 'a' \"\"")]
    [InlineData("name: '\\x61'")]
    [InlineData("name: '\\141'")]
    [InlineData("name: '\\u0061'")]
    [InlineData("name: '\\U00000061'")]
    public void Spellings_of_one_name(string text) => Assert.Equal("a", Prototxt.Parse<NetParameter>(text, "f").Message.Name);

    [Theory]
    [InlineData("transform_param { scale: 2 }")]
    [InlineData("transform_param: { scale: 2 }")]
    [InlineData("transform_param < scale: 2 >")]
    [InlineData("transform_param: <scale:2,>;")]
    [InlineData("transform_param{scale:2}")]
    public void Spellings_of_one_message(string text) => Assert.Equal(2, Layer(text).TransformParam.Scale);

    [Theory]
    [InlineData("propagate_down: true propagate_down: false")]
    [InlineData("propagate_down: [true, false]")]
    [InlineData("propagate_down: [t] propagate_down: [f]")]
    [InlineData("propagate_down:1propagate_down:0")]
    [InlineData("propagate_down: True, propagate_down: False; propagate_down: []")]
    public void Spellings_of_one_list(string text) => Assert.Equal([true, false], Layer(text).PropagateDown);

    [Fact]
    public void Lists_of_messages() =>
        Assert.Equal([1f, 2f], Layer("param: [{ lr_mult: 1 }, < lr_mult: 2 >] param []").Param.Select(p => p.LrMult));

    [Theory]
    [InlineData("engine: CAFFE")]
    [InlineData("engine: 1")]
    [InlineData("engine: 0x1")]
    public void Enums_by_name_and_number(string text) =>
        Assert.Equal(
            ConvolutionParameter.Types.Engine.Caffe, Layer($"convolution_param {{ {text} }}").ConvolutionParam.Engine);

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-0", 0L)]
    [InlineData("- 12", -12L)]
    [InlineData("+12", 12L)]
    [InlineData("0x1F", 31L)]
    [InlineData("-0Xff", -255L)]
    [InlineData("017", 15L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Whole_numbers(string text, long expected) =>
        Assert.Equal(expected, Prototxt.Parse<BlobShape>("dim: " + text, "f").Message.Dim[0]);

    [Theory]
    [InlineData("1", 1f)]
    [InlineData("1.", 1f)]
    [InlineData(".5", 0.5f)]
    [InlineData("-.5", -0.5f)]
    [InlineData("1e-3", 0.001f)]
    [InlineData("1E+3", 1000f)]
    [InlineData("1.5f", 1.5f)]
    [InlineData("2F", 2f)]
    [InlineData("0.1", 0.1f)]
    [InlineData("00.5", 0.5f)]
    [InlineData("inf", float.PositiveInfinity)]
    [InlineData("-Infinity", float.NegativeInfinity)]
    [InlineData("nan", float.NaN)]
    [InlineData("-nan", float.NaN)]
    [InlineData("1e99", float.PositiveInfinity)]
    [InlineData("99999999999999999999999", 1e23f)]
    public void Real_numbers(string text, float expected) =>
        Assert.Equal(expected, Prototxt.Parse<SolverParameter>("base_lr: " + text, "f").Message.BaseLr);

    [Theory]
    [InlineData("layer {\n  botom: 'a'\n}", "2:3: LayerParameter has no field \"botom\"; did you mean \"bottom\"?")]
    [InlineData("layer { num_output: 3 }", "1:9: LayerParameter has no field \"num_output\"; \"num_output\" belongs inside convolution_param or inner_product_param or embed_param or recurrent_param")]
    [InlineData("layer { pooling_param { pool: max } }", "1:31: \"pool\" has no value \"max\"; known are MAX, AVE, STOCHASTIC; did you mean MAX?")]
    [InlineData("layer { pooling_param { pool: 7 } }", "1:31: \"pool\" has no value 7; known are MAX, AVE, STOCHASTIC.")]
    [InlineData("layer { type: CONVOLUTION }", "1:15: expected a string in quotes for \"type\", found CONVOLUTION; in \"layer { }\" a type stands in quotes: type: \"Convolution\"")]
    [InlineData("layers { type: 'Convolution' }", "1:16: expected one of NONE, ABSVAL, ACCURACY, ARGMAX, BNLL, CONCAT, CONTRASTIVE_LOSS, CONVOLUTION, ... (40 in all) for \"type\", found the string 'Convolution'; a type in quotes belongs to the newer \"layer { }\"")]
    [InlineData("name: a", "1:7: expected a string in quotes for \"name\", found a; text stands in quotes: name: \"a\"")]
    [InlineData("name 'a'", "1:6: expected \":\" after \"name\", found the string 'a'.")]
    [InlineData("name: 'a\nb'", "1:7: the string that starts here has no closing ' on its line.")]
    [InlineData("name: 'a\\", "1:7: the string that starts here has no closing '")]
    [InlineData("name: 'C:\\data'", "1:10: the escape \"\\d\" is not known; a backslash itself is written \\\\")]
    [InlineData("name: '\\x'", "1:8: the escape \"\\x\" is not known")]
    [InlineData("name: '\\377'", "1:7: the escapes in \"name\" do not make UTF-8 text.")]
    [InlineData("name: 'a' name: 'b'", "1:11: \"name\" may be given once, and it is given again here (first on line 1).")]
    [InlineData("state { } state { }", "1:11: \"state\" may be given once")]
    [InlineData("input_dim: 3000000000", "1:12: expected a whole number from -2147483648 to 2147483647 for \"input_dim\", found 3000000000.")]
    [InlineData("input_dim: -2147483649", "1:12: expected a whole number from -2147483648 to 2147483647 for \"input_dim\", found -2147483649.")]
    [InlineData("input_dim: 1.5", "1:12: expected a whole number from -2147483648 to 2147483647 for \"input_dim\", found 1.5.")]
    [InlineData("input_dim: '3'", "1:12: expected a whole number from -2147483648 to 2147483647 for \"input_dim\", found the string '3'; numbers stand without quotes")]
    [InlineData("input_dim: 08", "1:12: \"08\" starts with 0 and so is octal, but it has the digit 8")]
    [InlineData("input_dim: 0x", "1:14: expected hexadecimal digits")]
    [InlineData("input_dim: 1.2.3", "1:12: \"1.2.\" is not a number.")]
    [InlineData("force_backward: yes", "1:17: expected true or false for \"force_backward\", found yes.")]
    [InlineData("force_backward: 2", "1:17: expected true or false for \"force_backward\", found 2.")]
    [InlineData("layer {", "1:8: expected \"}\" to close layer of line 1, found the end of the file.")]
    [InlineData("layer < name: 'a' }", "1:19: expected a field of LayerParameter, found \"}\".")]
    [InlineData("}", "1:1: expected a field of NetParameter, found \"}\".")]
    [InlineData("layer: 3", "1:8: expected \"{\" to start layer, found 3.")]
    [InlineData("name: ['a']", "1:7: expected a string in quotes for \"name\", found \"[\".")]
    [InlineData("input: ['a' 'b'; 'c']", "1:16: expected \",\" or \"]\" in the list of \"input\", found \";\".")]
    [InlineData("layer { clip_param { min: 0 } }", "1:9: ClipParameter needs the field \"max\", and it is missing.")]
    [InlineData("// a net", "1:1: expected a field of NetParameter, found \"/\"; a comment starts with #")]
    [InlineData("[a.b]: 1", "1:1: extensions in brackets are not known here.")]
    [InlineData("name: “a”", "1:7: expected a field, found the character U+201C; use straight quotes: \"")]
    [InlineData("state { level: 99999999999999999999999999 }", "1:16: expected a whole number")]
    public void Errors_say_where_what_and_what_instead(string text, string expected)
    {
        var e = Assert.Throws<PrototxtException>(() => Prototxt.Parse<NetParameter>(text, "net.prototxt"));
        Assert.StartsWith("net.prototxt:" + expected, e.Message, StringComparison.Ordinal);
        Assert.Equal("net.prototxt", e.FileName);
    }

    [Fact]
    public void Locations_give_the_text()
    {
        const string Text = "# a net\r\nlayer {\r\n  name: \"x\" 'y'\r\n  transform_param: { scale: 2.5f; }\r\n  bottom: ['a', \"b\"] }";
        PrototxtDocument<NetParameter> net = Prototxt.Parse<NetParameter>(Text, "f");
        LayerParameter layer = net.Message.Layer[0];
        Assert.Equal("f:2:1", net.Locations.Find(layer)!.ToString());
        Assert.Equal("layer {", Text[net.Locations.Find(layer)!.Start..][..7]);
        Assert.Equal('}', Text[net.Locations.Find(layer)!.End - 1]);
        Assert.Equal(Text.Length, net.Locations.Find(net.Message)!.End);
        TextLocation name = net.Locations.Find(layer, "name")!;
        Assert.Equal((3, 3), (name.Line, name.Column));
        Assert.Equal("name: \"x\" 'y'", Text[name.Start..name.End]);
        Assert.Equal("\"x\" 'y'", Text[name.ValueStart..name.ValueEnd]);
        TextLocation scale = net.Locations.Find(layer.TransformParam, "scale")!;
        Assert.Equal("2.5f", Text[scale.ValueStart..scale.ValueEnd]);
        TextLocation b = net.Locations.Find(layer, "bottom", 1)!;
        Assert.Equal("\"b\"", Text[b.Start..b.End]);
        Assert.Null(net.Locations.Find(layer, "top"));
        Assert.Null(net.Locations.Find(layer, "bottom", 2));
        Assert.Null(net.Locations.Find(layer, "no_such"));
        Assert.Null(net.Locations.Find(new LayerParameter()));
    }

    [Theory]
    [InlineData(0.1f, "0.1")]
    [InlineData(-0f, "-0")]
    [InlineData(1f, "1")]
    [InlineData(100000f, "100000")]
    [InlineData(1000000f, "1e+06")]
    [InlineData(123456.7f, "123456.703")]
    [InlineData(0.0001f, "0.0001")]
    [InlineData(0.00001f, "1e-05")]
    [InlineData(0.00390625f, "0.00390625")]
    [InlineData(16777216f, "16777216")]
    [InlineData(float.MaxValue, "3.40282347e+38")]
    [InlineData(1.401298e-45f, "1.4013e-45")]
    [InlineData(1f / 3, "0.333333343")]
    [InlineData(87.3365f, "87.3365")]
    [InlineData(float.NaN, "nan")]
    [InlineData(float.NegativeInfinity, "-inf")]
    public void Floats_print_as_protobuf_prints_them(float value, string expected) =>
        Assert.Equal($"base_lr: {expected}\n", Prototxt.Print(new SolverParameter { BaseLr = value }));

    [Fact]
    public void Doubles_print_as_protobuf_prints_them() =>
        Assert.Equal(
            "double_data: 0.1\ndouble_data: 0.33333333333333331\ndouble_data: 1e+15\ndouble_data: 100000000000000\n",
            Prototxt.Print(new BlobProto { DoubleData = { 0.1, 1.0 / 3, 1e15, 1e14 } }));

    [Fact]
    public void Strings_print_escaped()
    {
        string printed = Prototxt.Print(new NetParameter { Name = "a\"b'c\\d\n\r\té\u007f\u0001" });
        Assert.Equal("name: \"a\\\"b\\'c\\\\d\\n\\r\\t\\303\\251\\177\\001\"\n", printed);
        Assert.Equal("a\"b'c\\d\n\r\té\u007f\u0001", Prototxt.Parse<NetParameter>(printed, "f").Message.Name);
    }

    [Fact]
    public void Bytes_survive() =>
        Assert.Equal(
            Enumerable.Range(0, 256).Select(i => (byte)i),
            Prototxt.Parse<Datum>(
                Prototxt.Print(new Datum { Data = ByteString.CopyFrom([.. Enumerable.Range(0, 256).Select(i => (byte)i)]) }), "f")
                .Message.Data);

    [Theory]
    [InlineData(true, "name: 'Käfer'")]
    [InlineData(false, "name: 'Käfer' # Tür")]
    public void Files_keep_their_encoding(bool bom, string text)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text, new UTF8Encoding(bom));
            PrototxtDocument<NetParameter> net = Prototxt.Load<NetParameter>(path);
            Assert.Equal("Käfer", net.Message.Name);
            byte[] before = File.ReadAllBytes(path);
            File.WriteAllText(path, net.Text, net.Encoding);
            Assert.Equal(before, File.ReadAllBytes(path));

            File.WriteAllText(path, text, Encoding.Unicode);
            Assert.Equal("Käfer", Prototxt.Load<NetParameter>(path).Message.Name);

            byte[] codePage = [.. "name: 'x' # "u8, 0xB2, 0xE2, (byte)'\n'];
            File.WriteAllBytes(path, codePage);
            net = Prototxt.Load<NetParameter>(path);
            Assert.Equal("x", net.Message.Name);
            File.WriteAllText(path, net.Text, net.Encoding);
            Assert.Equal(codePage, File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_missing_file_is_a_clear_error() =>
        Assert.Contains("no_such.prototxt", Assert.Throws<CortadoException>(() => NetFile.Load("no_such.prototxt")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_German_machine_reads_and_prints_the_same()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            german.NumberFormat.NumberDecimalSeparator = ",";
            german.NumberFormat.NumberGroupSeparator = ".";
            german.NumberFormat.NegativeSign = "\u2212";
            CultureInfo.CurrentCulture = german;
            const string Text = "dim: -3\n";
            Assert.Equal(Text, Prototxt.Print(Prototxt.Parse<BlobShape>(Text, "f").Message));
            const string Solver = "base_lr: 0.03\nmax_iter: -1234567\ngamma: -1.5e-07\n";
            Assert.Equal(Solver, Prototxt.Print(Prototxt.Parse<SolverParameter>(Solver, "f").Message));
            var e = Assert.Throws<PrototxtException>(() => Prototxt.Parse<BlobShape>(new string('\n', 1233) + "dim: x", "f"));
            Assert.StartsWith("f:1234:6: expected a whole number from -9223372036854775808", e.Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Large_texts_take_linear_time()
    {
        // Quadratic work on a megabyte would take hours, not seconds.
        string strings = "name: " + string.Concat(Enumerable.Repeat("'abc'\n", 200_000));
        Assert.Equal(600_000, Prototxt.Parse<NetParameter>(strings, "f").Message.Name.Length);
        var old = new StringBuilder("layers { type: RELU ");
        for (int i = 0; i < 50_000; i++)
        {
            old.Append("blobs_lr: 1 bottom: 'a'\n");
        }

        Assert.Equal(50_000, NetFile.Parse(old.Append('}').ToString(), "f").Message.Layer[0].Param.Count);
    }

    private static LayerParameter Layer(string text) => Prototxt.Parse<LayerParameter>(text, "f").Message;
}
