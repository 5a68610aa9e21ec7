using System;
using UnityEditor;
using UnityEngine;
using UnityEngine.UIElements;

namespace Cortado.Unity.Editor
{
    /// <summary>
    /// The window in which networks are trained. It shows <see cref="EditorTraining"/> and holds nothing of its own that is worth keeping: it can be closed while a training runs, and
    /// opened again.
    /// </summary>
    public sealed partial class TrainingWindow : EditorWindow
    {
        /// <summary>Set in SessionState before the window is opened, these choose for the person: a template's id or a prototxt, and databases.</summary>
        public const string TemplateKey = "Cortado.Training.Template", PrototxtKey = "Cortado.Training.Prototxt", TrainDatabaseKey = "Cortado.Training.TrainDatabase", TestDatabaseKey = "Cortado.Training.TestDatabase";

        private const string Folder = "Packages/com.cortado.unity/Editor/Training/";
        private const long RefreshMilliseconds = 100;

        private static EditorTraining Training => EditorTraining.instance;

        /// <summary>Opens the window, or shows the one that is open.</summary>
        [MenuItem("Window/Cortado/Training")]
        public static void Open()
        {
            TrainingWindow window = GetWindow<TrainingWindow>("Cortado Training");
            window.minSize = new Vector2(640, 420);
            window.TakePresets();
        }

        private void CreateGUI()
        {
            var document = AssetDatabase.LoadAssetAtPath<VisualTreeAsset>(Folder + "TrainingWindow.uxml");
            if (document == null) throw new CortadoException($"{Folder}TrainingWindow.uxml is missing; install the package com.cortado.unity again.");
            document.CloneTree(rootVisualElement);
            Get<VisualElement>("training").EnableInClassList("cortado-dark", EditorGUIUtility.isProSkin);
            BuildSetup();
            BuildFindings();
            BuildRun();
            BuildSnapshots();
            TakePresets();
            rootVisualElement.schedule.Execute(Refresh).Every(RefreshMilliseconds);
            Refresh();
        }

        // Work that only this window wants ends with it; a training does not.
        private void OnDisable()
        {
            _summary?.Cancel();
            CancelConversion();
            _check?.Cancel();
        }

        private void Refresh()
        {
            RefreshSetup();
            RefreshConversion();
            RefreshFindings();
            RefreshRun();
            RefreshSnapshots();
        }

        private T Get<T>(string name) where T : VisualElement =>
            rootVisualElement.Q<T>(name) ?? throw new InvalidOperationException($"The training window has no {typeof(T).Name} '{name}'.");

        private void Clicked(string name, Action action) => Get<Button>(name).clicked += action;

        private static void Show(VisualElement element, bool shown) => element.style.display = shown ? DisplayStyle.Flex : DisplayStyle.None;

        private static void Show(HelpBox box, string text)
        {
            if (!string.IsNullOrEmpty(text)) box.text = text;
            Show((VisualElement)box, !string.IsNullOrEmpty(text));
        }
    }
}
