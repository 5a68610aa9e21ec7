using System;
using System.Collections.Generic;
using UnityDoubles;

namespace UnityEngine
{
    public class Resources
    {
        public static T[] FindObjectsOfTypeAll<T>() where T : Object
        {
            var found = new List<T>();
            foreach (Object candidate in PlayerLoop.Current.Objects)
                if (candidate is T match) found.Add(match);
            return found.ToArray();
        }

        public static AsyncOperation UnloadUnusedAssets() => new AsyncOperation();
    }
}
