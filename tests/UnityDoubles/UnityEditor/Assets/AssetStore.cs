using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using UnityEditor;
using UnityEditor.AssetImporters;
using UnityEngine;
using UnityEngine.UIElements;
using Object = UnityEngine.Object;

namespace UnityDoubles
{
    /// <summary>The project's files and the objects that were imported from them. Files are real ones on the disk.</summary>
    public sealed class AssetStore
    {
        private readonly EditorSession _session;
        private readonly SortedDictionary<string, Imported> _imported = new SortedDictionary<string, Imported>(StringComparer.Ordinal);
        private readonly List<string> _news = new List<string>();
        private readonly HashSet<string> _importing = new HashSet<string>(StringComparer.Ordinal);

        internal AssetStore(EditorSession session)
        {
            _session = session;
            for (string folder = AppContext.BaseDirectory; folder != null; folder = Path.GetDirectoryName(folder))
                if (File.Exists(Path.Combine(folder, "plugin", "package.json"))) Packages["com.cortado.unity"] = Path.Combine(folder, "plugin");
        }

        /// <summary>Where packages lie, by name; the package under test is found by itself.</summary>
        public Dictionary<string, string> Packages { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

        /// <summary>Makes a texture of an image file's bytes.</summary>
        public Func<byte[], Texture2D> DecodeTexture { get; set; }

        /// <summary>Imported files.</summary>
        public IReadOnlyList<string> Paths => _imported.Keys.ToArray();

        /// <summary>What importing a file said.</summary>
        public IReadOnlyList<(string Message, LogType Type)> MessagesOf(string path) => _imported.TryGetValue(path, out Imported imported) ? imported.Messages : new List<(string, LogType)>();

        /// <summary>How many times a file was imported.</summary>
        public int ImportsOf(string path) => _imported.TryGetValue(path, out Imported imported) ? imported.Times : 0;

        /// <summary>Imports what is new or changed and forgets what is gone.</summary>
        public void Refresh()
        {
            string assets = FullPath("Assets");
            var there = new HashSet<string>(StringComparer.Ordinal);
            foreach (string file in Directory.EnumerateFiles(assets, "*", SearchOption.AllDirectories).OrderBy(name => name, StringComparer.Ordinal))
            {
                if (Path.GetFileName(file).StartsWith(".", StringComparison.Ordinal) || file.EndsWith(".meta", StringComparison.Ordinal) || file.EndsWith(".tmp", StringComparison.Ordinal)) continue;
                string path = "Assets" + file.Substring(assets.Length).Replace('\\', '/');
                there.Add(path);
                if (!_imported.TryGetValue(path, out Imported known) || known.Stamp != StampOf(file)) ImportOne(path);
            }
            foreach (string gone in _imported.Keys.Where(path => path.StartsWith("Assets/", StringComparison.Ordinal) && !there.Contains(path)).ToArray())
            {
                Forget(_imported[gone]);
                _imported.Remove(gone);
                ImportDependents(gone);
            }
            TellPostprocessors();
        }

        internal string FullPath(string path)
        {
            if (path.StartsWith("Packages/", StringComparison.Ordinal))
            {
                string rest = path.Substring("Packages/".Length), name = rest.Split('/')[0];
                return Packages.TryGetValue(name, out string folder) ? folder + rest.Substring(name.Length) : Path.Combine(_session.Loop.ProjectFolder, path);
            }
            return Path.Combine(_session.Loop.ProjectFolder, path);
        }

        internal void Import(string path)
        {
            ImportOne(path);
            TellPostprocessors();
        }

        private void ImportOne(string path)
        {
            string file = FullPath(path);
            if (!File.Exists(file) || !_importing.Add(path)) return;
            _news.Add(path);
            try
            {
                if (_imported.TryGetValue(path, out Imported old)) Forget(old);
                var context = new AssetImportContext(path);
                AssetImporter importer = ImporterFor(path);
                var imported = new Imported { Importer = importer, Stamp = StampOf(file), Times = (old?.Times ?? 0) + 1 };
                if (importer is ScriptedImporter scripted) _session.Loop.Guard(() => scripted.OnImportAsset(context), null);
                else AddBuiltIn(context, file);
                foreach ((string id, Object made) in context.Objects)
                {
                    made.IsPersistent = true;
                    if (made.name.Length == 0) made.name = made == context.mainObject ? Path.GetFileNameWithoutExtension(path) : id;
                    made.hideFlags |= HideFlags.NotEditable;
                }
                imported.Objects = context.Objects.Select(added => added.Object).OrderBy(o => o == context.mainObject ? 0 : 1).ToList();
                imported.Messages = context.Messages;
                foreach (string dependency in context.Dependencies) imported.Dependencies[dependency] = StampOf(FullPath(dependency));
                _imported[path] = imported;
                foreach ((string message, LogType type) in context.Messages)
                {
                    if (type == LogType.Error) Debug.LogError(message);
                    else Debug.LogWarning(message);
                }
            }
            finally
            {
                _importing.Remove(path);
            }
            ImportDependents(path);
        }

        internal AssetImporter ImporterOf(string path) => _imported.TryGetValue(path, out Imported imported) ? imported.Importer : null;

        internal IReadOnlyList<Object> ObjectsAt(string path)
        {
            if (!_imported.ContainsKey(path) && path.StartsWith("Packages/", StringComparison.Ordinal)) Import(path);
            return _imported.TryGetValue(path, out Imported imported) ? imported.Objects : (IReadOnlyList<Object>)Array.Empty<Object>();
        }

        internal string PathOf(Object wanted)
        {
            foreach (KeyValuePair<string, Imported> pair in _imported)
                if (pair.Value.Objects.Exists(o => ReferenceEquals(o, wanted))) return pair.Key;
            return "";
        }

        internal static string GuidOf(string path)
        {
            using (var md5 = MD5.Create()) return BitConverter.ToString(md5.ComputeHash(Encoding.UTF8.GetBytes(path))).Replace("-", "").ToLowerInvariant();
        }

        private void ImportDependents(string path)
        {
            string stamp = StampOf(FullPath(path));
            foreach (string dependent in _imported.Where(pair => pair.Value.Dependencies.TryGetValue(path, out string seen) && seen != stamp).Select(pair => pair.Key).ToArray()) ImportOne(dependent);
        }

        private void TellPostprocessors()
        {
            if (_importing.Count > 0) return;
            while (_news.Count > 0)
            {
                string[] news = _news.Distinct().ToArray(), none = Array.Empty<string>();
                _news.Clear();
                foreach (Type type in EditorSession.ScriptTypes().Where(type => type.IsSubclassOf(typeof(AssetPostprocessor))))
                {
                    MethodInfo method = type.GetMethod("OnPostprocessAllAssets", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic);
                    if (method != null) _session.Loop.Guard(() => method.Invoke(null, new object[] { news, none, none, none }), null);
                }
            }
        }

        private static AssetImporter ImporterFor(string path)
        {
            string extension = Path.GetExtension(path).TrimStart('.').ToLowerInvariant();
            Type type = EditorSession.ScriptTypes().FirstOrDefault(candidate => candidate.GetCustomAttribute<ScriptedImporterAttribute>()?.fileExtensions.Contains(extension) == true);
            var importer = type == null ? new AssetImporter() : (AssetImporter)Activator.CreateInstance(type, true);
            importer.assetPath = path;
            importer.IsPersistent = true;
            return importer;
        }

        private void AddBuiltIn(AssetImportContext context, string file)
        {
            Object made;
            switch (Path.GetExtension(file).ToLowerInvariant())
            {
                case ".txt":
                case ".json":
                case ".xml":
                case ".csv":
                case ".bytes":
                    made = new TextAsset(new ReadOnlySpan<byte>(File.ReadAllBytes(file)));
                    break;
                case ".png":
                case ".jpg":
                case ".bmp":
                    made = DecodeTexture?.Invoke(File.ReadAllBytes(file)) ?? new Texture2D(4, 4);
                    break;
                case ".uxml":
                    made = VisualTreeAsset.Parse(File.ReadAllText(file), context.assetPath, path => AssetDatabase.LoadAssetAtPath<StyleSheet>(path));
                    break;
                case ".uss":
                    made = StyleSheet.Parse(File.ReadAllText(file), context.assetPath);
                    break;
                default:
                    made = new DefaultAsset();
                    break;
            }
            context.AddObjectToAsset("main", made);
            context.SetMainObject(made);
        }

        private void Forget(Imported imported)
        {
            foreach (Object old in imported.Objects) Object.DestroyImmediate(old, true);
            Object.DestroyImmediate(imported.Importer, true);
        }

        private static string StampOf(string file)
        {
            var info = new FileInfo(file);
            return !info.Exists ? "" : $"{info.Length} {info.LastWriteTimeUtc.Ticks}";
        }

        private sealed class Imported
        {
            public AssetImporter Importer;
            public string Stamp;
            public int Times;
            public List<Object> Objects = new List<Object>();
            public List<(string, LogType)> Messages = new List<(string, LogType)>();
            public Dictionary<string, string> Dependencies = new Dictionary<string, string>(StringComparer.Ordinal);
        }
    }
}
