using System;
using System.Reflection;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityDoubles
{
    /// <summary>A script as the engine sees it: which messages it takes, and how far its life has come.</summary>
    internal sealed class Script
    {
        private static readonly string[] Names = Enum.GetNames(typeof(Message));

        private readonly Action[] _messages = new Action[Names.Length];

        public Script(Object target)
        {
            Target = target;
            for (int i = 0; i < Names.Length; i++)
                if (Find(target.GetType(), Names[i]) is MethodInfo method && method.ReturnType == typeof(void)) _messages[i] = (Action)method.CreateDelegate(typeof(Action), target);
            Order = target.GetType().GetCustomAttribute<DefaultExecutionOrder>()?.order ?? 0;
            RunsInEditMode = !(target is MonoBehaviour) || Attribute.IsDefined(target.GetType(), typeof(ExecuteAlways), true) || Attribute.IsDefined(target.GetType(), typeof(ExecuteInEditMode), true);
        }

        public Object Target { get; }

        public int Order { get; }

        public bool RunsInEditMode { get; }

        public bool Awoken { get; set; }

        public bool Enabled { get; set; }

        public bool Started { get; set; }

        public Action this[Message message] => _messages[(int)message];

        private static MethodInfo Find(Type type, string name)
        {
            // Private messages of base classes are called too.
            for (Type at = type; at != null && at != typeof(Object); at = at.BaseType)
            {
                MethodInfo method = at.GetMethod(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly, null, Type.EmptyTypes, null);
                if (method != null) return method;
            }
            return null;
        }
    }
}
