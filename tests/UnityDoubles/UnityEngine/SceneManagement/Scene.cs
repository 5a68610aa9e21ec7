using System.Collections.Generic;
using UnityDoubles;

namespace UnityEngine.SceneManagement
{
    public struct Scene
    {
        internal PlayerLoop World;

        public string name { get; internal set; }

        public string path { get; internal set; }

        public bool isLoaded => World != null;

        public bool IsValid() => World != null;

        public GameObject[] GetRootGameObjects()
        {
            var roots = new List<GameObject>();
            foreach (Object candidate in World.Objects)
                if (candidate is GameObject gameObject && !gameObject.IsPersistent && gameObject.transform.parent is null) roots.Add(gameObject);
            return roots.ToArray();
        }
    }
}
