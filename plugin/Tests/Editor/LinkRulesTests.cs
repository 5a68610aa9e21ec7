using System.IO;
using NUnit.Framework;

namespace Cortado.Unity.Editor.Tests
{
    /// <summary>Players keep what Cortado finds by reflection.</summary>
    public sealed class LinkRulesTests
    {
        [Test]
        public void The_linker_gets_a_file_that_is_there()
        {
            string rules = new LinkRules().GenerateAdditionalLinkXmlFile(null, null);
            Assert.That(File.Exists(rules), rules);
            Assert.That(File.ReadAllText(rules), Does.Contain("Cortado.Core"));
        }
    }
}
