using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Cortado.Backends.Cpu;
using Cortado.Diagnostics;
using Cortado.Lmdb;
using UnityEngine;

namespace Cortado.Demo
{
    /// <summary>
    /// The training as it was asked about: raw pixels and base_lr 0.03. Before anybody spends an hour on it, the doctor looks at the files and the
    /// recorded pictures, and says what will happen.
    /// </summary>
    public sealed class AskersFiles : MonoBehaviour
    {
        [Tooltip("The solver to train with, from the project's folder.")]
        [SerializeField] private string _solver = "Assets/Networks/BallOrBox/solver.prototxt";

        [Tooltip("The solver as it was posted, from the project's folder.")]
        [SerializeField] private string _posted = "Assets/Networks/AsPosted/solver.prototxt";

        private bool _asPosted;

        /// <summary>Whether to train as the asker did.</summary>
        public bool AsPosted
        {
            get => _asPosted;
            set
            {
                if (_asPosted == value) return;
                _asPosted = value;
                Examine();
            }
        }

        /// <summary>The solver that counts now.</summary>
        public string Solver => Path.Combine(Directory.GetParent(Application.dataPath).FullName, AsPosted ? _posted : _solver);

        /// <summary>What the doctor found; null while it looks.</summary>
        public IReadOnlyList<Finding> Findings { get; private set; } = Array.Empty<Finding>();

        /// <summary>The worst of it in one sentence.</summary>
        public string Text => Findings == null ? "The doctor looks at the files ..."
            : Findings.Count == 0 ? "" : $"{Findings[0].Severity} [{Findings[0].Rule}] {Findings[0].Summary}";

        /// <summary>Looks at the files, on another thread: it runs the first batch through the network.</summary>
        public async void Examine()
        {
            Findings = null;
            string solver = Solver;
            try
            {
                IReadOnlyList<Finding> found = await Task.Run(() => Look(solver));
                if (solver == Solver) Findings = found;
            }
            catch (Exception error)
            {
                // Nobody awaits this: whatever went wrong is told here, and the panel waits no longer.
                if (solver == Solver) Findings = Array.Empty<Finding>();
                if (error is CortadoException) Debug.LogWarning(error.Message, this);
                else Debug.LogException(error, this);
            }
        }

        private static IReadOnlyList<Finding> Look(string solver)
        {
            using (var backend = new CpuBackend())
                return Doctor.Examine(solver, new DoctorOptions(backend) { Databases = new LmdbProvider() }).Findings;
        }
    }
}
