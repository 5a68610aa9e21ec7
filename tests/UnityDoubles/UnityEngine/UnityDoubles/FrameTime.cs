using System.Diagnostics;

namespace UnityDoubles
{
    /// <summary>The engine's clock: each frame takes as long as the test says, whatever the real clock does.</summary>
    public sealed class FrameTime
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private double _fixedBehind;

        /// <summary>Seconds that the next frames take.</summary>
        public double FrameSeconds { get; set; } = 1.0 / 60;

        /// <summary>Seconds of game time until this frame.</summary>
        public double Time { get; private set; }

        /// <summary>Seconds until this frame, whatever the time scale.</summary>
        public double UnscaledTime { get; private set; }

        /// <summary>Game seconds since the last frame.</summary>
        public double Delta { get; private set; }

        /// <summary>Seconds since the last frame.</summary>
        public double UnscaledDelta { get; private set; }

        /// <summary>Seconds between fixed steps.</summary>
        public double FixedDelta { get; set; } = 0.02;

        /// <summary>Seconds of game time until the last fixed step.</summary>
        public double FixedTime { get; private set; }

        /// <summary>Game seconds a second.</summary>
        public float Scale { get; set; } = 1;

        /// <summary>Frames so far.</summary>
        public int Frame { get; private set; }

        /// <summary>Whether a fixed step runs.</summary>
        public bool InFixedStep { get; private set; }

        /// <summary>Seconds by the real clock.</summary>
        public double RealtimeSinceStartup => (Stopwatch.GetTimestamp() - _start) / (double)Stopwatch.Frequency;

        internal void Advance()
        {
            Frame++;
            UnscaledDelta = FrameSeconds;
            Delta = FrameSeconds * Scale;
            UnscaledTime += UnscaledDelta;
            Time += Delta;
            _fixedBehind += Delta;
        }

        internal bool NextFixedStep()
        {
            InFixedStep = _fixedBehind >= FixedDelta;
            if (!InFixedStep) return false;
            _fixedBehind -= FixedDelta;
            FixedTime += FixedDelta;
            return true;
        }
    }
}
