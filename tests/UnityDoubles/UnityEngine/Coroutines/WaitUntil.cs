using System;

namespace UnityEngine
{
    public sealed class WaitUntil : CustomYieldInstruction
    {
        private readonly Func<bool> _predicate;

        public WaitUntil(Func<bool> predicate) => _predicate = predicate;

        public override bool keepWaiting => !_predicate();
    }
}
