using System;

namespace UnityEngine
{
    public class MissingComponentException : SystemException
    {
        public MissingComponentException(string message)
            : base(message)
        {
        }
    }
}
