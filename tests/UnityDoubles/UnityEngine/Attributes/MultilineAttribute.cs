using System;

namespace UnityEngine
{
    [AttributeUsage(AttributeTargets.Field)]
    public sealed class MultilineAttribute : PropertyAttribute
    {
        public readonly int lines;

        public MultilineAttribute() => lines = 3;

        public MultilineAttribute(int lines) => this.lines = lines;
    }
}
