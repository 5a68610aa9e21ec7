using System;
using System.Collections.Generic;
using UnityDoubles;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityEditor
{
    public class AssetImporter : Object
    {
        public string assetPath { get; internal set; }

        public string userData { get; set; } = "";

        public static AssetImporter GetAtPath(string path) => EditorSession.Current.Assets.ImporterOf(path);

        public void SaveAndReimport() => AssetDatabase.ImportAsset(assetPath, ImportAssetOptions.ForceUpdate);
    }
}

namespace UnityEditor.AssetImporters
{
    public abstract class ScriptedImporter : AssetImporter
    {
        public abstract void OnImportAsset(AssetImportContext ctx);
    }

    [AttributeUsage(AttributeTargets.Class)]
    public class ScriptedImporterAttribute : Attribute
    {
        public ScriptedImporterAttribute(int version, string ext)
            : this(version, new[] { ext })
        {
        }

        public ScriptedImporterAttribute(int version, string[] exts)
        {
            this.version = version;
            fileExtensions = exts;
        }

        public string[] fileExtensions { get; }

        public int version { get; }
    }

    public class AssetImportContext
    {
        internal AssetImportContext(string path) => assetPath = path;

        public string assetPath { get; }

        public Object mainObject { get; private set; }

        internal List<(string Id, Object Object)> Objects { get; } = new List<(string, Object)>();

        internal List<string> Dependencies { get; } = new List<string>();

        internal List<(string Message, LogType Type)> Messages { get; } = new List<(string, LogType)>();

        public void AddObjectToAsset(string identifier, Object obj)
        {
            if (obj == null) throw new ArgumentNullException(nameof(obj));
            if (Objects.Exists(added => added.Id == identifier)) throw new ArgumentException($"The identifier '{identifier}' is given twice in {assetPath}.");
            Objects.Add((identifier, obj));
        }

        public void AddObjectToAsset(string identifier, Object obj, Texture2D thumbnail) => AddObjectToAsset(identifier, obj);

        public void SetMainObject(Object obj)
        {
            if (!Objects.Exists(added => added.Object == obj)) throw new ArgumentException("The main object must be added with AddObjectToAsset first.");
            mainObject = obj;
        }

        /// <summary>Of a file that is not there too: the asset is imported again when it comes.</summary>
        public void DependsOnSourceAsset(string path)
        {
            if (string.IsNullOrEmpty(path)) throw new ArgumentNullException(nameof(path));
            Dependencies.Add(path);
        }

        public void LogImportError(string msg, Object obj = null) => Messages.Add((msg, LogType.Error));

        public void LogImportWarning(string msg, Object obj = null) => Messages.Add((msg, LogType.Warning));
    }

    public abstract class AssetImporterEditor : Editor
    {
        public virtual bool showImportedObject => true;

        protected virtual bool needsApplyRevert => true;

        protected void ApplyRevertGUI()
        {
        }
    }

    public class ScriptedImporterEditor : AssetImporterEditor
    {
    }
}

namespace UnityEditor
{
    /// <summary>A static OnPostprocessAllAssets(imported, deleted, moved, movedFrom) of a derived class is told of each round of imports.</summary>
    public class AssetPostprocessor
    {
    }

    public class FileUtil
    {
        public static string GetPhysicalPath(string logicalPath) => UnityDoubles.EditorSession.Current.Assets.FullPath(logicalPath);
    }
}
