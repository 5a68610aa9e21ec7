using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using UnityDoubles;
using Object = UnityEngine.Object;

namespace UnityEditor
{
    [Flags]
    public enum ImportAssetOptions
    {
        Default = 0,
        ForceUpdate = 1,
        ForceSynchronousImport = 8,
    }

    public class DefaultAsset : Object
    {
    }

    public class AssetDatabase
    {
        private static AssetStore Store
        {
            get
            {
                PlayerLoop.Current.OnMainThread("AssetDatabase");
                return EditorSession.Current.Assets;
            }
        }

        public static bool IsAssetImportWorkerProcess() => EditorSession.Current.IsImportWorker;

        public static void Refresh() => Store.Refresh();

        public static void Refresh(ImportAssetOptions options) => Store.Refresh();

        public static void ImportAsset(string path) => ImportAsset(path, ImportAssetOptions.Default);

        public static void ImportAsset(string path, ImportAssetOptions options) => Store.Import(path);

        public static T LoadAssetAtPath<T>(string assetPath) where T : Object => (T)LoadAssetAtPath(assetPath, typeof(T));

        public static Object LoadAssetAtPath(string assetPath, Type type) => Store.ObjectsAt(assetPath).FirstOrDefault(type.IsInstanceOfType);

        public static Object LoadMainAssetAtPath(string assetPath) => Store.ObjectsAt(assetPath).FirstOrDefault();

        public static Object[] LoadAllAssetsAtPath(string assetPath) => Store.ObjectsAt(assetPath).ToArray();

        public static string GetAssetPath(Object assetObject) => Store.PathOf(assetObject);

        public static bool Contains(Object obj) => Store.PathOf(obj).Length > 0;

        public static string AssetPathToGUID(string path) => File.Exists(Store.FullPath(path)) || Directory.Exists(Store.FullPath(path)) ? AssetStore.GuidOf(path) : "";

        public static string GUIDToAssetPath(string guid) => Store.Paths.FirstOrDefault(path => AssetStore.GuidOf(path) == guid) ?? "";

        public static bool IsValidFolder(string path) => Directory.Exists(Store.FullPath(path));

        public static string CreateFolder(string parentFolder, string newFolderName)
        {
            if (!IsValidFolder(parentFolder)) return "";
            Directory.CreateDirectory(Path.Combine(Store.FullPath(parentFolder), newFolderName));
            return AssetPathToGUID(parentFolder + "/" + newFolderName);
        }

        public static string GenerateUniqueAssetPath(string path)
        {
            string unique = path;
            for (int i = 1; File.Exists(Store.FullPath(unique)); i++)
                unique = $"{path.Substring(0, path.Length - Path.GetExtension(path).Length)} {i}{Path.GetExtension(path)}";
            return unique;
        }

        public static bool DeleteAsset(string path)
        {
            if (!File.Exists(Store.FullPath(path))) return false;
            File.Delete(Store.FullPath(path));
            Store.Refresh();
            return true;
        }

        public static bool OpenAsset(Object target) => OpenAsset(target, -1);

        public static bool OpenAsset(Object target, int lineNumber)
        {
            EditorSession.Current.Opened.Add((Store.PathOf(target), lineNumber));
            return true;
        }

        public static string[] FindAssets(string filter) => FindAssets(filter, null);

        public static string[] FindAssets(string filter, string[] searchInFolders)
        {
            var found = new List<string>();
            string type = filter.StartsWith("t:", StringComparison.Ordinal) ? filter.Substring(2) : null;
            foreach (string path in Store.Paths)
                if (type == null ? Path.GetFileNameWithoutExtension(path).Contains(filter) : Store.ObjectsAt(path).Any(o => o.GetType().Name == type)) found.Add(AssetStore.GuidOf(path));
            return found.ToArray();
        }
    }
}
