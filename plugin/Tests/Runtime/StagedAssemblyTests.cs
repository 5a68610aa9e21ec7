using System;
using System.IO;
using System.Linq;
using Cortado.Backends.Cpu;
using Cortado.Formats;
using Cortado.Lmdb;
using Cortado.Nets;
using Cortado.OpenCL;
using NUnit.Framework;

namespace Cortado.Unity.Tests
{
    /// <summary>The package's assemblies work on the runtime that they are in now: the editor's, or that of a player.</summary>
    public sealed class StagedAssemblyTests
    {
        private const string SoftmaxNet =
            "name: 'softmax' layer { name: 'data' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 } } } "
            + "layer { name: 'prob' type: 'Softmax' bottom: 'data' top: 'prob' }";

        [Test]
        public void A_network_computes()
        {
            using (var backend = new CpuBackend())
            using (Net net = Net.Build(NetFile.Parse(SoftmaxNet, "softmax.prototxt").Message, new NetOptions(backend)))
            {
                new[] { 0f, (float)Math.Log(2), (float)Math.Log(5) }.AsSpan().CopyTo(net.Blob("data").WriteData());
                net.Forward();
                float[] probabilities = net.Blob("prob").ReadData().ToArray();
                Assert.That(probabilities, Is.EqualTo(new[] { 0.125f, 0.25f, 0.625f }).Within(1e-6f));
            }
        }

        [Test]
        public void An_error_in_a_prototxt_names_its_place()
        {
            var error = Assert.Throws<PrototxtException>(() => NetFile.Parse("name: 'a'\nlayer { nam: 'b' }", "some.prototxt"));
            Assert.That(error.Message, Does.Contain("some.prototxt:2:9").And.Contain("nam"));
        }

        [Test]
        public void A_database_is_written_and_read()
        {
            string folder = Path.Combine(Path.GetTempPath(), "cortado-" + Guid.NewGuid().ToString("N"));
            try
            {
                using (LmdbWriter writer = LmdbWriter.Create(folder))
                {
                    for (byte i = 0; i < 100; i++) writer.Put(new[] { i }, new byte[] { i, i });
                    writer.Commit();
                }
                using (LmdbDatabase database = LmdbDatabase.Open(folder))
                using (LmdbCursor cursor = database.OpenCursor())
                {
                    Assert.That(database.Count, Is.EqualTo(100));
                    for (byte i = 0; cursor.MoveNext(); i++) Assert.That(cursor.Value.ToArray(), Is.EqualTo(new[] { i, i }));
                }
            }
            finally
            {
                Directory.Delete(folder, true);
            }
        }

        /// <summary>A machine without OpenCL says so, and nothing else happens.</summary>
        [Test]
        public void Devices_are_listed()
        {
            OpenClPlatforms platforms = OpenClPlatforms.Discover();
            Assert.That(platforms.Devices.Any() || !string.IsNullOrEmpty(platforms.Problem));
        }
    }
}
