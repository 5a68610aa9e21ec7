using System.IO;
using Cortado.Unity;
using UnityEngine;

namespace Cortado.Demo
{
    /// <summary>The buttons: record, train, swap the new network in, and do it as the asker did.</summary>
    public sealed class Panel : MonoBehaviour
    {
        [SerializeField] private Belt _belt;
        [SerializeField] private SortingGate _gate;
        [SerializeField] private Teacher _teacher;
        [SerializeField] private ScoreBoard _board;
        [SerializeField] private AskersFiles _files;

        private void OnGUI()
        {
            GUILayout.BeginArea(new Rect(10, 10, 330, 420), GUI.skin.box);
            GUILayout.Label(_gate.Network == null ? "No network: the gate sorts by chance." : $"The gate asks {_gate.Network.name}.");
            GUILayout.Label(_board.Text);
            if (_gate.Network != null) GUILayout.Label($"the last picture: {_gate.LastAnswer}");
            GUILayout.Label(_belt.Picture, GUILayout.Width(80), GUILayout.Height(80));
            Record();
            Train();
            GUILayout.EndArea();
        }

        private void Record()
        {
            GUILayout.Label($"recorded: {_teacher.Recorded} of {_teacher.Wanted} ({_teacher.CountOf(0)} balls, {_teacher.CountOf(1)} boxes)");
            if (GUILayout.Button(_teacher.IsRecording ? "Stop recording" : "Record from the belt"))
            {
                if (_teacher.IsRecording) _teacher.End();
                else _teacher.Begin();
            }
        }

        private void Train()
        {
            _files.AsPosted = GUILayout.Toggle(_files.AsPosted, "as the asker did: raw pixels, base_lr 0.03");
            if (_files.Text.Length > 0) GUILayout.Label(_files.Text);
#if UNITY_EDITOR
            if (GUILayout.Button("Open the training window")) OpenTraining();
            if (GUILayout.Button("Swap the newest network in") && NewestNetwork() is NetworkAsset newest) Swap(newest);
#endif
            if (_gate.Network != null && GUILayout.Button("Take the network away")) Swap(null);
        }

        /// <summary>Gives the gate another network while the belt runs, and counts from 0.</summary>
        public void Swap(NetworkAsset network)
        {
            _gate.Network = network;
            _board.Clear();
        }

#if UNITY_EDITOR
        // The window is in an assembly that a game does not have. It takes these from the session when it opens: the files that count now, and the set that was recorded.
        private void OpenTraining()
        {
            UnityEditor.SessionState.SetString("Cortado.Training.Prototxt", _files.Solver);
            if (Directory.Exists(_teacher.TrainDatabase)) UnityEditor.SessionState.SetString("Cortado.Training.TrainDatabase", _teacher.TrainDatabase);
            if (Directory.Exists(_teacher.TestDatabase)) UnityEditor.SessionState.SetString("Cortado.Training.TestDatabase", _teacher.TestDatabase);
            UnityEditor.EditorApplication.ExecuteMenuItem("Window/Cortado/Training");
        }

        private static NetworkAsset NewestNetwork()
        {
            NetworkAsset newest = null;
            System.DateTime written = default;
            foreach (string guid in UnityEditor.AssetDatabase.FindAssets("t:NetworkAsset"))
            {
                string path = UnityEditor.AssetDatabase.GUIDToAssetPath(guid);
                System.DateTime time = File.GetLastWriteTimeUtc(Path.Combine(Path.GetDirectoryName(Application.dataPath), path));
                if (newest != null && time <= written) continue;
                newest = UnityEditor.AssetDatabase.LoadAssetAtPath<NetworkAsset>(path);
                written = time;
            }
            return newest;
        }
#endif
    }
}
