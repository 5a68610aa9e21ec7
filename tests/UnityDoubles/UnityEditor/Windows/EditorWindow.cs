using System.Linq;
using System.Reflection;
using UnityDoubles;
using UnityEngine;
using UnityEngine.UIElements;

namespace UnityEditor
{
    public class EditorWindow : ScriptableObject
    {
        private VisualElement _root;
        [SerializeField] private string _title;
        [SerializeField] private bool _shown;

        public VisualElement rootVisualElement => _root ??= new VisualElement { name = "rootVisualElement" };

        public GUIContent titleContent
        {
            get => new GUIContent(_title ?? GetType().FullName);
            set => _title = value.text;
        }

        public Vector2 minSize { get; set; } = new Vector2(100, 100);

        public Vector2 maxSize { get; set; } = new Vector2(4000, 4000);

        public Rect position { get; set; } = new Rect(0, 0, 900, 700);

        public bool hasFocus => EditorSession.Current.Windows.LastOrDefault() == this;

        public static T GetWindow<T>() where T : EditorWindow => GetWindow<T>(false, null, true);

        public static T GetWindow<T>(string title) where T : EditorWindow => GetWindow<T>(false, title, true);

        public static T GetWindow<T>(bool utility, string title, bool focus) where T : EditorWindow
        {
            T window = EditorSession.Current.Windows.OfType<T>().FirstOrDefault() ?? CreateInstance<T>();
            if (title != null) window.titleContent = new GUIContent(title);
            window.Show();
            return window;
        }

        public static T CreateWindow<T>() where T : EditorWindow
        {
            T window = CreateInstance<T>();
            window.Show();
            return window;
        }

        public static bool HasOpenInstances<T>() where T : EditorWindow => EditorSession.Current.Windows.OfType<T>().Any();

        public void Show()
        {
            if (_shown) return;
            _shown = true;
            EditorSession.Current.Windows.Add(this);
            Build();
        }

        public void Focus()
        {
        }

        public void Repaint()
        {
        }

        public void ShowNotification(GUIContent notification)
        {
        }

        public void Close()
        {
            EditorSession session = EditorSession.Current;
            if (!session.Windows.Remove(this)) return;
            DropTree();
            DestroyImmediate(this);
        }

        /// <summary>Attaches the tree to a panel and lets the script fill it.</summary>
        internal void Build()
        {
            if (_root?.panel != null) return;
            rootVisualElement.EnsurePanel(EditorSession.Current.Loop, position);
            MethodInfo create = GetType().GetMethod("CreateGUI", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
            if (create != null) EditorSession.Current.Loop.Guard(() => ((System.Action)create.CreateDelegate(typeof(System.Action), this))(), this);
        }

        internal void DropTree()
        {
            _root?.DropPanel();
            _root = null;
        }

        internal void Tick() => _root?.TickPanel();
    }
}
