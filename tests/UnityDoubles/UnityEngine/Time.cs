using UnityDoubles;

namespace UnityEngine
{
    public class Time
    {
        private static FrameTime Now => PlayerLoop.Current.OnMainThread("Time").Time;

        public static float time => (float)Now.Time;
        public static double timeAsDouble => Now.Time;
        public static float unscaledTime => (float)Now.UnscaledTime;
        public static double unscaledTimeAsDouble => Now.UnscaledTime;
        public static float deltaTime => (float)Now.Delta;
        public static float unscaledDeltaTime => (float)Now.UnscaledDelta;
        public static float smoothDeltaTime => (float)Now.Delta;
        public static float fixedDeltaTime { get => (float)Now.FixedDelta; set => Now.FixedDelta = value; }
        public static float fixedTime => (float)Now.FixedTime;
        public static float realtimeSinceStartup => (float)Now.RealtimeSinceStartup;
        public static double realtimeSinceStartupAsDouble => Now.RealtimeSinceStartup;
        public static float timeSinceLevelLoad => (float)Now.Time;
        public static float timeScale { get => Now.Scale; set => Now.Scale = value; }
        public static int frameCount => Now.Frame;
        public static bool inFixedTimeStep => Now.InFixedStep;
    }
}
