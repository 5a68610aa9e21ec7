using System.Collections.Generic;

namespace UnityEngine
{
    public class Component : Object
    {
        internal GameObject Owner { get; set; }

        public GameObject gameObject
        {
            get
            {
                ThrowIfDestroyed();
                return Owner;
            }
        }

        public Transform transform => gameObject.transform;

        public string tag { get => gameObject.tag; set => gameObject.tag = value; }

        public T GetComponent<T>() => gameObject.GetComponent<T>();

        public bool TryGetComponent<T>(out T component) => gameObject.TryGetComponent(out component);

        public T GetComponentInChildren<T>() => gameObject.GetComponentInChildren<T>();

        public T GetComponentInChildren<T>(bool includeInactive) => gameObject.GetComponentInChildren<T>(includeInactive);

        public T[] GetComponentsInChildren<T>() => gameObject.GetComponentsInChildren<T>();

        public T[] GetComponentsInChildren<T>(bool includeInactive) => gameObject.GetComponentsInChildren<T>(includeInactive);

        public T GetComponentInParent<T>() => gameObject.GetComponentInParent<T>();

        public T[] GetComponents<T>() => gameObject.GetComponents<T>();

        public override string ToString() => IsDestroyed ? "null" : $"{Owner.name} ({GetType().FullName})";
    }
}
