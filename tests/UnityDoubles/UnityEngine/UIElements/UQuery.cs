using System;
using System.Collections.Generic;

namespace UnityEngine.UIElements
{
    public static class UQueryExtensions
    {
        public static T Q<T>(this VisualElement e, string name = null, string className = null) where T : VisualElement => Query<T>(e, name, className).First();

        public static VisualElement Q(this VisualElement e, string name = null, string className = null) => Q<VisualElement>(e, name, className);

        public static UQueryBuilder<VisualElement> Query(this VisualElement e, string name = null, string className = null) => Query<VisualElement>(e, name, className);

        public static UQueryBuilder<T> Query<T>(this VisualElement e, string name = null, string className = null) where T : VisualElement
        {
            if (e == null) throw new ArgumentNullException(nameof(e));
            return new UQueryBuilder<T>(e, name, className);
        }
    }

    public struct UQueryBuilder<T> where T : VisualElement
    {
        private readonly VisualElement _root;
        private readonly string _name, _class;

        internal UQueryBuilder(VisualElement root, string name, string className)
        {
            _root = root;
            _name = name;
            _class = className;
        }

        public T First()
        {
            List<T> found = ToList();
            return found.Count > 0 ? found[0] : null;
        }

        public List<T> ToList()
        {
            var found = new List<T>();
            Collect(_root, found);
            return found;
        }

        public void ForEach(Action<T> funcCall)
        {
            foreach (T element in ToList()) funcCall(element);
        }

        // A query finds the element that it starts at, too.
        private void Collect(VisualElement at, List<T> found)
        {
            if (at is T match && (string.IsNullOrEmpty(_name) || at.name == _name) && (string.IsNullOrEmpty(_class) || at.ClassListContains(_class))) found.Add(match);
            foreach (VisualElement child in at.HierarchyChildren) Collect(child, found);
        }
    }
}
