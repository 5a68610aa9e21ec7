using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cortado.Lmdb;
using Cortado.Training;
using UnityEditor;
using UnityEngine.UIElements;

namespace Cortado.Unity.Editor
{
    // Which network, which pictures.
    public sealed partial class TrainingWindow
    {
        private const string OwnFiles = "Files of my own";

        private BackgroundTask<(string Train, string Test)> _summary;
        private BackgroundTask<IReadOnlyList<string>> _conversion;
        private FolderConversion _converted;
        private int _conversionProgress;

        private void BuildSetup()
        {
            var template = Get<DropdownField>("template");
            template.choices = TrainingTemplate.All.Select(t => t.Name).Append(OwnFiles).ToList();
            template.RegisterValueChangedCallback(e => Choose(TrainingTemplate.All.FirstOrDefault(t => t.Name == e.newValue)));
            Bind("prototxt", Training.Choices.Prototxt, text => Training.Choices.Prototxt = text);
            Bind("training-name", Training.Choices.Name, text => Training.Choices.Name = text);
            Bind("train-database", Training.Choices.TrainDatabase, text => Training.Choices.TrainDatabase = text);
            Bind("test-database", Training.Choices.TestDatabase, text => Training.Choices.TestDatabase = text);
            Clicked("prototxt-browse", () => Browse("prototxt", EditorUtility.OpenFilePanel("A solver or network", "", "prototxt")));
            Clicked("train-browse", () => Browse("train-database", EditorUtility.OpenFolderPanel("The database to learn from", "", "")));
            Clicked("test-browse", () => Browse("test-database", EditorUtility.OpenFolderPanel("The database to test on", "", "")));
            Clicked("train-recorded", () =>
            {
                if (!TakeRecorded()) return;
                ShowChoices();
                ChoicesChanged();
            });
            Clicked("convert-start", StartConversion);
            Clicked("convert-cancel", () => _conversion?.Cancel());
            Show(Get<HelpBox>("convert-message"), "");
            ShowChoices();
            ChoicesChanged();
        }

        /// <summary>Shows and examines what was chosen elsewhere: in a script, or by what was recorded last.</summary>
        private void TakePresets()
        {
            TrainingChoices choices = Training.Choices;
            bool any = Take(TemplateKey, id => choices.Template = id) | Take(PrototxtKey, ChooseFiles)
                | Take(TrainDatabaseKey, path => choices.TrainDatabase = path) | Take(TestDatabaseKey, path => choices.TestDatabase = path);
            if (!any && choices.TrainDatabase.Length == 0 && choices.Template.Length > 0) any = TakeRecorded();
            if (!any || rootVisualElement.Q("template") == null) return;
            ShowChoices();
            ChoicesChanged();
        }

        // Files name databases of their own: only what is chosen after them counts instead, never what was there for a template.
        private static void ChooseFiles(string prototxt) =>
            (Training.Choices.Template, Training.Choices.Prototxt, Training.Choices.TrainDatabase, Training.Choices.TestDatabase) = ("", prototxt, "", "");

        // The set that a Dataset Recorder wrote last.
        private static bool TakeRecorded()
        {
            RecordedSet set = RecordedSet.Latest(Path.GetDirectoryName(UnityEngine.Application.dataPath));
            if (set == null) return false;
            (Training.Choices.TrainDatabase, Training.Choices.TestDatabase) = (set.Train, set.Test ?? "");
            return true;
        }

        private static bool Take(string key, System.Action<string> set)
        {
            string value = SessionState.GetString(key, "");
            SessionState.EraseString(key);
            if (value.Length > 0) set(value);
            return value.Length > 0;
        }

        private void Bind(string name, string value, System.Action<string> set)
        {
            var field = Get<TextField>(name);
            field.SetValueWithoutNotify(value);
            field.RegisterValueChangedCallback(e =>
            {
                set(e.newValue.Trim());
                ChoicesChanged();
            });
        }

        private void Browse(string field, string chosen)
        {
            if (!string.IsNullOrEmpty(chosen)) Get<TextField>(field).value = chosen;
        }

        private void Choose(TrainingTemplate template)
        {
            TrainingChoices choices = Training.Choices;
            if (template == null) ChooseFiles(choices.Prototxt);
            else choices.Template = template.Id;
            if (template != null && choices.TrainDatabase.Length == 0) TakeRecorded();
            ShowChoices();
            ChoicesChanged();
        }

        private void ShowChoices()
        {
            TrainingChoices choices = Training.Choices;
            TrainingTemplate template = TrainingTemplate.All.FirstOrDefault(t => t.Id == choices.Template);
            Get<DropdownField>("template").SetValueWithoutNotify(template?.Name ?? OwnFiles);
            Get<TextField>("prototxt").SetValueWithoutNotify(choices.Prototxt);
            Get<TextField>("train-database").SetValueWithoutNotify(choices.TrainDatabase);
            Get<TextField>("test-database").SetValueWithoutNotify(choices.TestDatabase);
            var description = Get<Label>("template-description");
            description.text = template?.Description ?? "A solver.prototxt, or a network. It learns from the databases that it names. Where others are chosen here, a copy in Trainings learns from these, and your files stay as they are.";
            Show(Get<VisualElement>("prototxt-row"), template == null);
        }

        private void ChoicesChanged()
        {
            TrainingChoices choices = Training.Choices;
            string train = choices.TrainDatabase, test = choices.TestDatabase;
            _summary?.Cancel();
            _summary = Training.Run(task => (Summary(train, task.Token), Summary(test, task.Token)));
            StartCheck();
        }

        private static string Summary(string database, System.Threading.CancellationToken cancel)
        {
            if (database.Length == 0) return "";
            try
            {
                return DatabaseSummary.Read(new LmdbProvider(), database, cancel).ToString();
            }
            catch (CortadoException error)
            {
                return error.Message;
            }
        }

        private void RefreshSetup()
        {
            Get<ScrollView>("setup").SetEnabled(!Training.IsActive);
            if (_summary == null || !_summary.IsDone) return;
            if (_summary.Succeeded) (Get<Label>("train-summary").text, Get<Label>("test-summary").text) = _summary.Result;
            _summary = null;
        }

        private void StartConversion()
        {
            string source = EditorUtility.OpenFolderPanel("A folder with a sub-folder for each class", "", "");
            if (string.IsNullOrEmpty(source)) return;
            string name = Path.GetFileName(source.TrimEnd('/', '\\'));
            var conversion = new FolderConversion(source, Path.Combine(EditorTraining.Root, "Databases", name)) { Size = System.Math.Max(0, Get<IntegerField>("convert-size").value) };
            _converted = conversion;
            _conversionProgress = Progress.Start("Cortado: converting " + name);
            BackgroundTask<IReadOnlyList<string>> started = Training.Run<IReadOnlyList<string>>(task => conversion.Run(path => LmdbWriter.Create(path, overwrite: true), new ConversionProgress(share => task.Share = share), task.Token));
            Progress.RegisterCancelCallback(_conversionProgress, () =>
            {
                started.Cancel();
                return true;
            });
            _conversion = started;
            Show(Get<HelpBox>("convert-message"), "");
        }

        private void CancelConversion()
        {
            if (_conversion == null) return;
            _conversion.Cancel();
            _conversion = null;
            if (Progress.Exists(_conversionProgress)) Progress.Finish(_conversionProgress, Progress.Status.Canceled);
        }

        private void RefreshConversion()
        {
            bool runs = _conversion != null;
            Get<Button>("convert-start").SetEnabled(!runs);
            Get<Button>("convert-cancel").SetEnabled(runs);
            Show(Get<ProgressBar>("convert-progress"), runs);
            if (!runs) return;
            Get<ProgressBar>("convert-progress").value = _conversion.Share;
            if (Progress.Exists(_conversionProgress)) Progress.Report(_conversionProgress, _conversion.Share);
            if (!_conversion.IsDone) return;
            BackgroundTask<IReadOnlyList<string>> done = _conversion;
            _conversion = null;
            if (Progress.Exists(_conversionProgress)) Progress.Finish(_conversionProgress, done.Succeeded ? Progress.Status.Succeeded : done.Problem == null ? Progress.Status.Canceled : Progress.Status.Failed);
            Show(Get<HelpBox>("convert-message"), done.Succeeded ? string.Join("\n", done.Result) : done.Problem ?? "Cancelled; nothing was written.");
            if (!done.Succeeded) return;
            Training.Choices.TrainDatabase = _converted.Train;
            Training.Choices.TestDatabase = _converted.Test != null && Directory.Exists(_converted.Test) ? _converted.Test : "";
            ShowChoices();
            ChoicesChanged();
        }

        private sealed class ConversionProgress : System.IProgress<Data.DataProgress>
        {
            private readonly System.Action<float> _report;

            public ConversionProgress(System.Action<float> report) => _report = report;

            public void Report(Data.DataProgress value) => _report((float)value.Done / System.Math.Max(1, value.Total));
        }
    }
}
