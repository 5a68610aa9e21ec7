namespace UnityEngine
{
    public sealed class WaitForSeconds : YieldInstruction
    {
        internal readonly float Seconds;

        public WaitForSeconds(float seconds) => Seconds = seconds;
    }
}
