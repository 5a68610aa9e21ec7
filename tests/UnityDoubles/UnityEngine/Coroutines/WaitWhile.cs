using System;

namespace UnityEngine
{
    public sealed class WaitWhile : CustomYieldInstruction
    {
        private readonly Func<bool> _predicate;

        public WaitWhile(Func<bool> predicate) => _predicate = predicate;

        public override bool keepWaiting => _predicate();
    }
}
