using System.Text;
using Cortado.Formats;

namespace Cortado.Tests.FileFormats;

public class AtomicFileTests
{
    [Fact]
    public void New_content_takes_the_place_of_the_old_at_commit_only()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["f"], "old");
        using (AtomicFile file = AtomicFile.Create(folder["f"]))
        {
            file.Stream.Write("new"u8);
            Assert.Equal("old", File.ReadAllText(folder["f"]));
            file.Commit();
            Assert.Equal("new", File.ReadAllText(folder["f"]));
        }

        Assert.Equal("f", Path.GetFileName(Assert.Single(Directory.GetFiles(folder.Path))));
    }

    [Fact]
    public void A_failure_leaves_the_old_file_and_no_trace()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["f"], "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["f"], s =>
        {
            s.Write(new byte[1 << 20]);
            throw new InvalidOperationException();
        }));
        Assert.Contains(
            "disk",
            Assert.Throws<CortadoException>(() => AtomicFile.Write(folder["f"], _ => throw new IOException("no space on disk"))).Message,
            StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(folder["f"]));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Where_nothing_can_be_written_is_said_before_anything_is()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("does not exist", Refused(folder[Path.Combine("no", "f")]), StringComparison.Ordinal);
        Assert.Contains("it is a folder", Refused(folder.Path), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_reader_sees_whole_files_only()
    {
        using var folder = new TemporaryFolder();
        string path = folder["f"];
        File.WriteAllText(path, new string('0', 5000));
        using var stop = new CancellationTokenSource();
        Task reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                string content;
                using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
                using (var text = new StreamReader(stream))
                {
                    content = text.ReadToEnd();
                }

                Assert.Equal(new string(content[0], 5000), content);
            }
        }, TestContext.Current.CancellationToken);
        for (int i = 0; i < 200; i++)
        {
            byte[] bytes = Encoding.ASCII.GetBytes(new string((char)('a' + (i % 26)), 5000));
            AtomicFile.Write(path, s =>
            {
                s.Write(bytes.AsSpan(0, 2000));
                s.Flush();
                s.Write(bytes.AsSpan(2000));
            });
        }

        await stop.CancelAsync();
        await reader;
    }

    private static string Refused(string path) => Assert.Throws<CortadoException>(() => AtomicFile.Write(path, _ => { })).Message;
}
