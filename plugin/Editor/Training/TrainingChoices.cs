using System;
using Cortado.Training;
using UnityEngine;

namespace Cortado.Unity.Editor
{
    /// <summary>What is chosen in the training window: kept over reloads and restarts of the editor.</summary>
    [Serializable]
    public sealed class TrainingChoices
    {
        [SerializeField] private string _name = "";
        [SerializeField] private string _template = TrainingTemplate.All[0].Id;
        [SerializeField] private string _prototxt = "";
        [SerializeField] private string _trainDatabase = "";
        [SerializeField] private string _testDatabase = "";
        [SerializeField] private string _device = "auto";
        [SerializeField] private int _batchSize;
        [SerializeField] private int _maxIterations;

        /// <summary>The training's name: of its folder and of the assets that are made of it. Empty for the network's own.</summary>
        public string Name { get => _name; set => _name = value ?? ""; }

        /// <summary>The template's id (<see cref="TrainingTemplate"/>); empty for <see cref="Prototxt"/>.</summary>
        public string Template { get => _template; set => _template = value ?? ""; }

        /// <summary>A solver or network prototxt of one's own.</summary>
        public string Prototxt { get => _prototxt; set => _prototxt = value ?? ""; }

        /// <summary>The database to learn from; empty for what the prototxt names.</summary>
        public string TrainDatabase { get => _trainDatabase; set => _trainDatabase = value ?? ""; }

        /// <summary>The database to test on; empty for what the prototxt names.</summary>
        public string TestDatabase { get => _testDatabase; set => _testDatabase = value ?? ""; }

        /// <summary>What computes: <c>auto</c>, <c>cpu</c> or <c>opencl:P:D</c>.</summary>
        public string Device { get => _device; set => _device = value ?? "auto"; }

        /// <summary>Pictures in a batch; 0 for what the prototxt says.</summary>
        public int BatchSize { get => _batchSize; set => _batchSize = Math.Max(0, value); }

        /// <summary>Iterations in all; 0 for what the prototxt says.</summary>
        public int MaxIterations { get => _maxIterations; set => _maxIterations = Math.Max(0, value); }

        /// <summary>The name to use: the given one, else that of the template or the prototxt.</summary>
        internal string EffectiveName => Name.Length > 0 ? Name : Template.Length > 0 ? Template : Prototxt.Length > 0 ? System.IO.Path.GetFileNameWithoutExtension(Prototxt) : "training";

        /// <summary>Whether enough is chosen to look at it.</summary>
        internal bool AreComplete => Template.Length > 0 ? TrainDatabase.Length > 0 : Prototxt.Length > 0;

        internal TrainingPlan Plan(string folder) => new TrainingPlan(folder)
        {
            Template = Template.Length > 0 ? Template : null,
            Prototxt = Template.Length > 0 ? null : NullIfEmpty(Prototxt),
            TrainDatabase = NullIfEmpty(TrainDatabase),
            TestDatabase = NullIfEmpty(TestDatabase),
        };

        private static string NullIfEmpty(string text) => string.IsNullOrEmpty(text) ? null : text;
    }
}
