using Cortado.Backends.Cpu;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Training;
using UnityEditor;
using UnityEditor.AssetImporters;
using UnityEngine.UIElements;

namespace Cortado.Unity.Editor
{
    /// <summary>Shows the network that was made of a .caffemodel and tries it on a texture, or says why there is none.</summary>
    [CustomEditor(typeof(CaffeModelImporter))]
    internal sealed class CaffeModelImporterEditor : ScriptedImporterEditor
    {
        private const long LookMilliseconds = 100;

        public override bool showImportedObject => false;

        protected override bool needsApplyRevert => false;

        public override VisualElement CreateInspectorGUI()
        {
            UnityEngine.Object main = AssetDatabase.LoadMainAssetAtPath(((AssetImporter)target).assetPath);
            VisualElement root = InspectorRoot.Create();
            if (main is FailedNetwork failed) root.Add(new HelpBox(failed.Problem, HelpBoxMessageType.Error) { name = "problem" });
            if (main is NetworkAsset network) Fill(root, network);
            return root;
        }

        private static void Fill(VisualElement root, NetworkAsset network)
        {
            root.Add(new Label(network.Labels.Count > 0 ? "Classes: " + string.Join(", ", network.Labels) : "The classes have no names.") { name = "labels", enableRichText = false });
            TrainedNetwork trained = network.Describe();
            root.Add(new TrialView(picture => StartTrial(trained, picture)));
            AddFacts(root, network.Deploy, network.SourcePath);
        }

        // Building a large network takes a moment: its table comes when it is there.
        private static void AddFacts(VisualElement root, string deploy, string source)
        {
            BackgroundTask<NetworkFacts> measure = EditorTraining.instance.Run(task =>
            {
                using (var backend = new CpuBackend(1)) return new NetworkFacts(NetworkSummary.Of(NetFile.Parse(deploy, source), backend));
            });
            IVisualElementScheduledItem look = null;
            look = root.schedule.Execute(() =>
            {
                if (!measure.IsDone) return;
                look.Pause();
                root.Add(measure.Succeeded ? (VisualElement)new NetworkFactsView(measure.Result) : new HelpBox(measure.Problem ?? "", HelpBoxMessageType.Error));
            }).Every(LookMilliseconds);
        }

        private static BackgroundTask<TrialAnswer> StartTrial(TrainedNetwork network, TexturePixels picture) => EditorTraining.instance.Run(task =>
        {
            OpenedDevice cpu = TrainingDevices.OpenOrCpu("cpu");
            using (cpu.Backend)
            using (Classifier classifier = Classifier.Load(network, cpu.Backend)) return new TrialAnswer(SnapshotTrial.Classify(classifier, picture), cpu.Reason);
        });
    }
}
