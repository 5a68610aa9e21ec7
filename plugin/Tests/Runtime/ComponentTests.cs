using System.Collections;
using System.Linq;
using NUnit.Framework;
using UnityEngine;
using UnityEngine.TestTools;

namespace Cortado.Unity.Tests
{
    /// <summary>The components can be added, switched and destroyed in any order without anything set.</summary>
    public sealed class ComponentTests
    {
        [UnityTest]
        public IEnumerator Nothing_set_harms_nobody()
        {
            // That a network is missing is a warning in the console, and no failure.
            var thing = new GameObject("components", typeof(ImageClassifier), typeof(DatasetRecorder));
            yield return null;
            thing.SetActive(false);
            yield return null;
            thing.SetActive(true);
            yield return null;
            Assert.That(thing.GetComponent<ImageClassifier>().Latest.Count, Is.Zero);
            Assert.That(thing.GetComponent<DatasetRecorder>().IsRecording, Is.False);
            Object.Destroy(thing);
            yield return null;
            Assert.That(thing == null);
        }

        [Test]
        public void Components_have_a_menu_entry_and_help()
        {
            foreach (System.Type component in new[] { typeof(ImageClassifier), typeof(DatasetRecorder) })
            {
                var menu = (AddComponentMenu)component.GetCustomAttributes(typeof(AddComponentMenu), false).Single();
                Assert.That(menu.componentMenu, Does.StartWith("Cortado/"));
                Assert.That(component.GetCustomAttributes(typeof(HelpURLAttribute), false), Has.Length.EqualTo(1));
            }
        }
    }
}
