using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public sealed class GameObject : Object
    {
        private readonly List<Component> _components = new List<Component>();
        private bool _activeSelf = true;

        public GameObject()
            : this("New Game Object")
        {
        }

        public GameObject(string name)
        {
            this.name = name;
            var created = new Transform { Owner = this };
            _components.Add(created);
            transform = created;
        }

        public GameObject(string name, params Type[] components)
            : this(name)
        {
            foreach (Type type in components) AddComponent(type);
        }

        public Transform transform { get; private set; }

        public int layer { get; set; }

        public string tag { get; set; } = "Untagged";

        public bool activeSelf => _activeSelf;

        public bool activeInHierarchy => _activeSelf && !IsDestroyed && (transform.parent is null || transform.parent.gameObject.activeInHierarchy);

        public SceneManagement.Scene scene => World.ActiveScene;

        internal IReadOnlyList<Component> Components => _components;

        public void SetActive(bool value)
        {
            ThrowIfDestroyed();
            if (_activeSelf == value) return;
            _activeSelf = value;
            World.ActivationChanged(this);
        }

        public T AddComponent<T>() where T : Component => (T)AddComponent(typeof(T));

        public Component AddComponent(Type componentType)
        {
            ThrowIfDestroyed();
            foreach (RequireComponent required in componentType.GetCustomAttributes(typeof(RequireComponent), true))
                foreach (Type needed in new[] { required.m_Type0, required.m_Type1, required.m_Type2 })
                    if (needed != null && Find(needed) is null) AddComponent(needed);
            if (Attribute.IsDefined(componentType, typeof(DisallowMultipleComponent)) && Find(componentType) != null)
            {
                Debug.LogError($"Can't add component '{componentType.Name}' to {name} because such a component is already added to the game object!");
                return null;
            }
            Component made = AddWithoutAwake(componentType);
            World.Awaken(made);
            return made;
        }

        public T GetComponent<T>()
        {
            ThrowIfDestroyed();
            foreach (Component component in _components)
                if (component is T found) return found;
            return default;
        }

        public Component GetComponent(Type type)
        {
            ThrowIfDestroyed();
            return Find(type);
        }

        public bool TryGetComponent<T>(out T component)
        {
            component = GetComponent<T>();
            return component != null;
        }

        public T[] GetComponents<T>()
        {
            ThrowIfDestroyed();
            var found = new List<T>();
            foreach (Component component in _components)
                if (component is T match) found.Add(match);
            return found.ToArray();
        }

        public T GetComponentInChildren<T>() => GetComponentInChildren<T>(false);

        public T GetComponentInChildren<T>(bool includeInactive)
        {
            T[] found = GetComponentsInChildren<T>(includeInactive);
            return found.Length > 0 ? found[0] : default;
        }

        public T[] GetComponentsInChildren<T>() => GetComponentsInChildren<T>(false);

        public T[] GetComponentsInChildren<T>(bool includeInactive)
        {
            ThrowIfDestroyed();
            var found = new List<T>();
            AddFromChildren(this, includeInactive, found);
            return found.ToArray();
        }

        public T GetComponentInParent<T>()
        {
            ThrowIfDestroyed();
            for (Transform at = transform; !(at is null); at = at.parent)
                if (at.gameObject.GetComponent<T>() is T found && found is Object o && o != null) return found;
            return default;
        }

        public static GameObject Find(string name)
        {
            foreach (Object candidate in UnityDoubles.PlayerLoop.Current.Objects)
                if (candidate is GameObject gameObject && !gameObject.IsPersistent && gameObject.activeInHierarchy && gameObject.name == name) return gameObject;
            return null;
        }

        public static GameObject CreatePrimitive(PrimitiveType type)
        {
            var made = new GameObject(type.ToString());
            made.AddComponent<MeshFilter>().sharedMesh = UnityDoubles.Primitives.MeshOf(type);
            made.AddComponent<MeshRenderer>().sharedMaterial = UnityDoubles.Primitives.Material();
            return made;
        }

        internal Component AddWithoutAwake(Type componentType)
        {
            Component made = World.Create(componentType);
            made.Owner = this;
            _components.Add(made);
            return made;
        }

        internal void Remove(Component component) => _components.Remove(component);

        private Component Find(Type type)
        {
            foreach (Component component in _components)
                if (type.IsInstanceOfType(component)) return component;
            return null;
        }

        private static void AddFromChildren<T>(GameObject from, bool includeInactive, List<T> found)
        {
            if (!includeInactive && !from.activeInHierarchy) return;
            foreach (Component component in from._components)
                if (component is T match) found.Add(match);
            foreach (Transform child in from.transform.Children) AddFromChildren(child.gameObject, includeInactive, found);
        }
    }
}
