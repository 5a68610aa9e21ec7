using UnityDoubles;

namespace UnityEngine
{
    public class WaitForSecondsRealtime : CustomYieldInstruction
    {
        private double _until = -1;

        public WaitForSecondsRealtime(float time) => waitTime = time;

        public float waitTime { get; set; }

        public override bool keepWaiting
        {
            get
            {
                double now = PlayerLoop.Current.Time.UnscaledTime;
                if (_until < 0) _until = now + waitTime;
                return now < _until;
            }
        }
    }
}
