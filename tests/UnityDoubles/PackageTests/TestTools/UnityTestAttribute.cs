using System;

namespace UnityEngine.TestTools
{
    /// <summary>A test whose steps are frames.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public class UnityTestAttribute : Attribute
    {
    }
}
