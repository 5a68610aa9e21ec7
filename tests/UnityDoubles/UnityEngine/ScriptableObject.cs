using System;

namespace UnityEngine
{
    public class ScriptableObject : Object
    {
        public static T CreateInstance<T>() where T : ScriptableObject => (T)CreateInstance(typeof(T));

        public static ScriptableObject CreateInstance(Type type)
        {
            var made = (ScriptableObject)Activator.CreateInstance(type, true);
            made.World.Awaken(made);
            return made;
        }
    }
}
