using System.Diagnostics;

namespace Cortado.Tests;

/// <summary>Runs the tools of liblmdb (Debian package lmdb-utils), the independent judge of our files.</summary>
internal static class LmdbTool
{
    private const string Missing = "mdb_stat, mdb_dump, mdb_load and mdb_copy of liblmdb are not installed (apt install lmdb-utils)";

    public static string Run(string tool, string arguments, string? input = null)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip(Missing);
        }

        using (process)
        {
            Task<string> error = process!.StandardError.ReadToEndAsync();
            Task feed = Task.Run(() =>
            {
                if (input != null) process.StandardInput.Write(input);
                process.StandardInput.Close();
            });
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            feed.Wait();
            Assert.True(process.ExitCode == 0, $"{tool} {arguments}: exit {process.ExitCode}: {error.Result}{output}");
            return output;
        }
    }

    /// <summary>All records as mdb_dump sees them, keys and values in hexadecimal.</summary>
    public static List<(string Key, string Value)> Dump(string database)
    {
        var records = new List<(string, string)>();
        string[] lines = Run("mdb_dump", $"{(File.Exists(database) ? "-n " : "")}\"{database}\"").Split('\n');
        int at = Array.IndexOf(lines, "HEADER=END") + 1;
        for (; lines[at] != "DATA=END"; at += 2) records.Add((lines[at].Trim(), lines[at + 1].Trim()));
        return records;
    }

    /// <summary>The text that mdb_load makes a database from.</summary>
    public static string DumpText(IEnumerable<(byte[] Key, byte[] Value)> records)
    {
        var text = new System.Text.StringBuilder("VERSION=3\nformat=bytevalue\ntype=btree\nmapsize=268435456\nHEADER=END\n");
        foreach ((byte[] key, byte[] value) in records)
            text.Append(' ').Append(Convert.ToHexStringLower(key)).Append("\n ").Append(Convert.ToHexStringLower(value)).Append('\n');
        return text.Append("DATA=END\n").ToString();
    }

    public static long Stat(string database, string what)
    {
        string line = Run("mdb_stat", $"{(File.Exists(database) ? "-n " : "")}\"{database}\"").Split('\n').First(l => l.Contains(what));
        return long.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
