using System;
using Cortado.Training;
using UnityEngine;

namespace Cortado.Unity.Editor
{
    /// <summary>The training that runs, waits or has ended, in fields that the engine keeps over a reload.</summary>
    [Serializable]
    internal sealed class StoredTraining
    {
        [SerializeField] private bool _exists;
        [SerializeField] private TrainingState _state;
        [SerializeField] private bool _suspended;
        [SerializeField] private bool _paused;
        [SerializeField] private string _solver = "";
        [SerializeField] private string _folder = "";
        [SerializeField] private string _device = "";
        [SerializeField] private string _checkpoint = "";
        [SerializeField] private string _curves = "";
        [SerializeField] private string _labels = "";
        [SerializeField] private string _problem = "";
        [SerializeField] private int _batchSize;
        [SerializeField] private int _maxIterations;

        /// <summary>Whether there is one.</summary>
        public bool Exists => _exists;

        /// <summary>How it ended, where it did.</summary>
        public TrainingState State => _state;

        /// <summary>Whether it was interrupted and can go on.</summary>
        public bool Suspended => _suspended;

        /// <summary>Whether it waited when it was interrupted.</summary>
        public bool Paused => _paused;

        /// <summary>The file with the classes' names; empty for none.</summary>
        public string Labels => _labels;

        /// <summary>Why it ended; empty where nothing is wrong.</summary>
        public string Problem => _problem;

        /// <summary>The curves of one that ended.</summary>
        public string Curves => _curves;

        /// <summary>What is trained.</summary>
        public TrainingRequest Request => new TrainingRequest(_solver, _folder)
        {
            Device = _device,
            Checkpoint = _checkpoint.Length > 0 ? _checkpoint : null,
            Curves = _curves.Length > 0 ? _curves : null,
            BatchSize = _batchSize > 0 ? _batchSize : (int?)null,
            MaxIterations = _maxIterations > 0 ? _maxIterations : (int?)null,
        };

        public void Begin(TrainingRequest request, string labels)
        {
            Keep(request);
            (_exists, _suspended, _paused, _labels, _problem) = (true, false, false, labels ?? "", "");
            _state = TrainingState.Preparing;
        }

        public void Suspend(TrainingRequest request, bool paused)
        {
            Keep(request);
            (_suspended, _paused) = (true, paused);
        }

        public void Continue() => _suspended = false;

        public void End(TrainingState state, string problem, string curves)
        {
            (_state, _suspended, _paused, _problem, _curves) = (state, false, false, problem ?? "", curves ?? "");
        }

        private void Keep(TrainingRequest request)
        {
            (_solver, _folder, _device) = (request.Solver, request.Folder, request.Device);
            (_checkpoint, _curves) = (request.Checkpoint ?? "", request.Curves ?? "");
            (_batchSize, _maxIterations) = (request.BatchSize ?? 0, request.MaxIterations ?? 0);
        }
    }
}
