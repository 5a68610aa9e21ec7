using System;

namespace UnityEngine
{
    [AttributeUsage(AttributeTargets.Class, Inherited = true)]
    public sealed class SelectionBaseAttribute : Attribute
    {
    }
}
