using System;

namespace UnityEngine
{
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public class IconAttribute : Attribute
    {
        public IconAttribute(string path) => this.path = path;

        public string path { get; }
    }
}
