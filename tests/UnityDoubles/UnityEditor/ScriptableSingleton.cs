using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using UnityDoubles;
using UnityEngine;

namespace UnityEditor
{
    /// <summary>An object of which there is one in the editor; it outlives reloads of the domain with its serialized fields, and the editor where it has a file.</summary>
    public class ScriptableSingleton<T> : ScriptableObject where T : ScriptableObject
    {
        public static T instance
        {
            get
            {
                EditorSession session = EditorSession.Current;
                if (session.Singletons.TryGetValue(typeof(T), out ScriptableObject there) && there != null) return (T)there;
                var made = (T)Activator.CreateInstance(typeof(T), true);
                made.hideFlags = HideFlags.DontSave;
                session.Singletons[typeof(T)] = made;
                string path = GetFilePath();
                if (path.Length > 0 && File.Exists(path)) FieldText.Read(made, File.ReadAllText(path));
                session.Loop.Awaken(made);
                return made;
            }
        }

        /// <summary>Writes the object into the file that its FilePath attribute names.</summary>
        protected virtual void Save(bool saveAsText)
        {
            string path = GetFilePath();
            if (path.Length == 0) throw new InvalidOperationException($"{typeof(T)} has no FilePath attribute.");
            Directory.CreateDirectory(Path.GetDirectoryName(path));
            File.WriteAllText(path, FieldText.Write(this));
        }

        protected static string GetFilePath()
        {
            FilePathAttribute attribute = typeof(T).GetCustomAttribute<FilePathAttribute>();
            if (attribute == null) return "";
            string folder = PlayerLoop.Current.ProjectFolder;
            return Path.Combine(attribute.Place == FilePathAttribute.Location.ProjectFolder ? folder : Path.Combine(folder, "Preferences"), attribute.RelativePath);
        }
    }
}
