using System.Globalization;
using UnityDoubles;
using UnityEngine;

namespace UnityEditor
{
    public class EditorUtility
    {
        public static bool DisplayDialog(string title, string message, string ok, string cancel = "") => EditorSession.Current.AnswerDialog(title, message);

        public static string OpenFilePanel(string title, string directory, string extension) => EditorSession.Current.AnswerPanel(title);

        public static string OpenFilePanelWithFilters(string title, string directory, string[] filters) => EditorSession.Current.AnswerPanel(title);

        public static string OpenFolderPanel(string title, string folder, string defaultName) => EditorSession.Current.AnswerPanel(title);

        public static string SaveFilePanelInProject(string title, string defaultName, string extension, string message) => EditorSession.Current.AnswerPanel(title);

        public static void RevealInFinder(string path)
        {
        }

        public static void SetDirty(Object target)
        {
        }

        public static string FormatBytes(long bytes)
        {
            string[] units = { "B", "KB", "MB", "GB", "TB" };
            double value = bytes;
            int unit = 0;
            for (; value >= 1024 && unit + 1 < units.Length; unit++) value /= 1024;
            return unit == 0 ? $"{bytes} B" : string.Format(CultureInfo.InvariantCulture, "{0:0.0} {1}", value, units[unit]);
        }
    }

    public class EditorGUIUtility
    {
        public static bool isProSkin => EditorSession.Current.IsDark;

        public static float pixelsPerPoint => 1;

        public static void PingObject(Object obj)
        {
        }

        public static string systemCopyBuffer { get; set; } = "";
    }

    public sealed class Selection
    {
        public static Object activeObject
        {
            get => EditorSession.Current.Selection.Length > 0 ? EditorSession.Current.Selection[0] : null;
            set => EditorSession.Current.Selection = value == null ? System.Array.Empty<Object>() : new[] { value };
        }

        public static Object[] objects
        {
            get => EditorSession.Current.Selection;
            set => EditorSession.Current.Selection = value;
        }
    }

    public enum DragAndDropVisualMode
    {
        None = 0,
        Copy = 1,
        Link = 2,
        Move = 16,
        Generic = 4,
        Rejected = 32,
    }

    public class DragAndDrop
    {
        private static Drag Now => EditorSession.Current.Drag;

        public static Object[] objectReferences { get => Now.Objects; set => Now.Objects = value; }

        public static string[] paths { get => Now.Paths; set => Now.Paths = value; }

        public static DragAndDropVisualMode visualMode { get => Now.Mode; set => Now.Mode = value; }

        public static void AcceptDrag() => Now.Accepted = true;

        public static void PrepareStartDrag()
        {
            Now.Objects = System.Array.Empty<Object>();
            Now.Paths = System.Array.Empty<string>();
        }
    }
}
