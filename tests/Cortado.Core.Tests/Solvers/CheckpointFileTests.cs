using System.Buffers.Binary;
using Cortado.Backends;
using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Tests.Solvers;

/// <summary>Damaged checkpoints give a clear error and nothing else.</summary>
public class CheckpointFileTests
{
    private const string Settings = "type: 'Adam' base_lr: 0.01 momentum: 0.9 lr_policy: 'fixed' max_iter: 2";

    [Fact]
    public void EveryCutAndEveryFlippedByteIsFound()
    {
        using var damage = new Damage(Settings);
        byte[] whole = damage.Bytes;
        var random = new Random(1);
        for (int i = 0; i < 300; i++)
        {
            int at = i < 120 ? i : random.Next(whole.Length);
            byte[] flipped = (byte[])whole.Clone();
            flipped[at] ^= (byte)(1 << random.Next(8));
            damage.Refused(flipped);
            damage.Refused(whole[..at]);
        }
        damage.Refused(whole[..^1]);
        damage.Refused([.. whole, 0]);
        damage.Refused([]);
    }

    /// <summary>With a checksum that fits, the structure itself must hold against any content.</summary>
    [Fact]
    public void WrongContentUnderARightChecksumIsRefusedWithoutReservingMemory()
    {
        using var damage = new Damage(Settings);
        byte[] whole = damage.Bytes;
        var random = new Random(2);
        int accepted = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] changed = (byte[])whole.Clone();
            int at = i < 250 ? 20 + i % 400 : random.Next(20, whole.Length - 10);
            // 0xdd, 0xdf, 0xc6, 0xdb: arrays, maps, bins and strings that claim up to 4 GiB.
            byte[] claims = [0xdd, 0xdf, 0xc6, 0xdb, 0xff, 0x00, (byte)random.Next(256)];
            changed[at] = claims[i % claims.Length];
            if (i % 3 == 0 && at + 5 < whole.Length - 10) changed.AsSpan(at + 1, 4).Fill(0x7f);
            Seal(changed);
            long before = GC.GetAllocatedBytesForCurrentThread();
            if (!damage.Read(changed)) accepted++;
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        }
        // A changed weight is no damage that anybody could see once the checksum fits.
        Assert.InRange(accepted, 1, 250);
    }

    [Fact]
    public void AnotherVersionIsNamed()
    {
        using var damage = new Damage(Settings);
        byte[] changed = (byte[])damage.Bytes.Clone();
        Assert.Equal(1, changed[20]);
        changed[20] = 2;
        Assert.Contains("version 2", damage.Refused(changed), StringComparison.Ordinal);
        Assert.Contains("no Cortado checkpoint", damage.Refused(File.ReadAllBytes(damage.Folder.File("snap_iter_2.caffemodel"))), StringComparison.Ordinal);
    }

    [Fact]
    public void AnyMessagePackToolReadsIt()
    {
        using var damage = new Damage(Settings);
        var reader = new MessagePack.MessagePackReader(damage.Bytes);
        Assert.Equal(5, reader.ReadArrayHeader());
        for (int i = 0; i < 5; i++) reader.Skip();
        Assert.True(reader.End);
    }

    private static void Seal(byte[] bytes)
    {
        var hash = new CheckpointHash();
        hash.Add(bytes.AsSpan(0, bytes.Length - 10));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(bytes.Length - 8), hash.Value());
    }

    private sealed class Damage : IDisposable
    {
        private readonly IBackend _backend = TestBackend.Create();
        private readonly Solver _solver;

        public Damage(string settings)
        {
            SolverParameter parameter = SmallTraining.Parameter(Folder, settings);
            _solver = new Solver(parameter, SmallTraining.Options(_backend));
            _solver.Step(2);
            Bytes = File.ReadAllBytes(_solver.Snapshot().Checkpoint);
        }

        public TempFolder Folder { get; } = new();

        public byte[] Bytes { get; }

        public void Dispose()
        {
            _solver.Dispose();
            _backend.Dispose();
            Folder.Dispose();
        }

        /// <summary>Reads bytes as a checkpoint into the solver; whether they were refused.</summary>
        public bool Read(byte[] bytes)
        {
            try
            {
                Open(bytes);
                return false;
            }
            catch (CortadoException)
            {
                return true;
            }
        }

        public string Refused(byte[] bytes) => Assert.Throws<CortadoException>(() => Open(bytes)).Message;

        private void Open(byte[] bytes)
        {
            string path = Folder.File("damaged.cortado");
            File.WriteAllBytes(path, bytes);
            using ResumeSource source = ResumeSource.Open(path);
            _solver.TakeOver(source);
        }
    }
}
