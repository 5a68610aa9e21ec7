using System;
using System.Collections.Generic;
using UnityDoubles;

namespace UnityEngine
{
    /// <summary>An object of the engine. A destroyed one equals null though its reference is not.</summary>
    public class Object
    {
        private string m_Name = "";

        public Object()
        {
            World = PlayerLoop.Current;
            InstanceId = World.Register(this);
        }

        public string name
        {
            get
            {
                ThrowIfDestroyed();
                return Named.m_Name;
            }
            set
            {
                ThrowIfDestroyed();
                Named.m_Name = value ?? "";
            }
        }

        public HideFlags hideFlags { get; set; }

        internal PlayerLoop World { get; }

        internal int InstanceId { get; }

        internal bool IsDestroyed { get; set; }

        internal bool IsPersistent { get; set; }

        public int GetInstanceID() => InstanceId;

        public static void Destroy(Object obj) => Destroy(obj, 0);

        public static void Destroy(Object obj, float t)
        {
            if (obj == null) return;
            if (!obj.World.IsPlaying)
            {
                Debug.LogError("Destroy may not be called from edit mode! Use DestroyImmediate instead.\nDestroying an object in edit mode destroys it permanently.");
                return;
            }
            obj.World.DestroyLater(obj, t);
        }

        public static void DestroyImmediate(Object obj) => DestroyImmediate(obj, false);

        public static void DestroyImmediate(Object obj, bool allowDestroyingAssets)
        {
            if (obj == null) return;
            if (obj.IsPersistent && !allowDestroyingAssets)
            {
                Debug.LogError("Destroying assets is not permitted to avoid data loss.\nIf you really want to remove an asset use DestroyImmediate (theObject, true);");
                return;
            }
            obj.World.DestroyNow(obj);
        }

        public static void DontDestroyOnLoad(Object target)
        {
        }

        public static T Instantiate<T>(T original) where T : Object => Cloning.Clone(original, null, null);

        public static T Instantiate<T>(T original, Transform parent) where T : Object => Cloning.Clone(original, parent, null);

        public static T Instantiate<T>(T original, Vector3 position, Quaternion rotation) where T : Object =>
            Cloning.Clone(original, null, (position, rotation));

        public static T Instantiate<T>(T original, Vector3 position, Quaternion rotation, Transform parent) where T : Object =>
            Cloning.Clone(original, parent, (position, rotation));

        public static T FindFirstObjectByType<T>() where T : Object => FindAnyObjectByType<T>();

        public static T FindAnyObjectByType<T>() where T : Object
        {
            foreach (Object candidate in PlayerLoop.Current.Objects)
                if (candidate is T found && IsInActiveScene(candidate)) return found;
            return null;
        }

        public static T[] FindObjectsByType<T>(FindObjectsSortMode sortMode) where T : Object => FindObjectsByType<T>(FindObjectsInactive.Exclude, sortMode);

        public static T[] FindObjectsByType<T>(FindObjectsInactive findObjectsInactive, FindObjectsSortMode sortMode) where T : Object
        {
            var found = new List<T>();
            foreach (Object candidate in PlayerLoop.Current.Objects)
                if (candidate is T match && !candidate.IsPersistent && (findObjectsInactive == FindObjectsInactive.Include || IsInActiveScene(candidate))) found.Add(match);
            return found.ToArray();
        }

        public static implicit operator bool(Object exists) => exists != null;

        public static bool operator ==(Object x, Object y)
        {
            bool noX = x is null || x.IsDestroyed, noY = y is null || y.IsDestroyed;
            return noX || noY ? noX && noY : ReferenceEquals(x, y);
        }

        public static bool operator !=(Object x, Object y) => !(x == y);

        public override bool Equals(object other) => other is Object o ? this == o : other is null && IsDestroyed;

        public override int GetHashCode() => InstanceId;

        public override string ToString() => IsDestroyed ? "null" : $"{m_Name} ({GetType().FullName})";

        internal void ThrowIfDestroyed()
        {
            if (IsDestroyed)
                throw new MissingReferenceException($"The object of type '{GetType().Name}' has been destroyed but you are still trying to access it.\nYour script should either check if it is null or you should not destroy the object.");
        }

        /// <summary>Gives back what the object holds on the graphics device or in the engine's memory.</summary>
        internal virtual void ReleaseNative()
        {
        }

        /// <summary>Copies what is not in a script's fields, for Instantiate.</summary>
        internal virtual void CopyEngineState(Object to)
        {
        }

        private Object Named => this is Component component ? component.Owner : this;

        private static bool IsInActiveScene(Object candidate) => !candidate.IsPersistent && candidate switch
        {
            Component component => component.gameObject.activeInHierarchy,
            GameObject gameObject => gameObject.activeInHierarchy,
            _ => false,
        };
    }
}
