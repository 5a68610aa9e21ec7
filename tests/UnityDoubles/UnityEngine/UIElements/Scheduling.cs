using System;

namespace UnityEngine.UIElements
{
    public struct TimerState
    {
        public long start { get; set; }

        public long now { get; set; }

        public long deltaTime => now - start;
    }

    public interface IVisualElementScheduler
    {
        IVisualElementScheduledItem Execute(Action updateEvent);

        IVisualElementScheduledItem Execute(Action<TimerState> timerUpdateEvent);
    }

    public interface IVisualElementScheduledItem
    {
        VisualElement element { get; }

        bool isActive { get; }

        void Resume();

        void Pause();

        void ExecuteLater(long delayMs);

        IVisualElementScheduledItem StartingIn(long delayMs);

        IVisualElementScheduledItem Every(long intervalMs);

        IVisualElementScheduledItem Until(Func<bool> stopCondition);
    }

    internal sealed class Scheduler : IVisualElementScheduler
    {
        private readonly VisualElement _element;

        public Scheduler(VisualElement element) => _element = element;

        public IVisualElementScheduledItem Execute(Action updateEvent) => Execute(_ => updateEvent());

        public IVisualElementScheduledItem Execute(Action<TimerState> timerUpdateEvent)
        {
            var item = new ScheduledItem(_element, timerUpdateEvent);
            _element.Schedule(item);
            return item;
        }
    }

    /// <summary>Runs in the panel's ticks, by the engine's clock, while its element is in a panel.</summary>
    internal sealed class ScheduledItem : IVisualElementScheduledItem
    {
        private readonly Action<TimerState> _action;
        private Func<bool> _until;
        private long _delay, _interval = -1;
        private double _due = -1;

        public ScheduledItem(VisualElement element, Action<TimerState> action)
        {
            this.element = element;
            _action = action;
        }

        public VisualElement element { get; }

        public bool isActive { get; private set; } = true;

        public void Resume() => isActive = true;

        public void Pause() => isActive = false;

        public void ExecuteLater(long delayMs)
        {
            isActive = true;
            _delay = delayMs;
            Restart();
        }

        public IVisualElementScheduledItem StartingIn(long delayMs)
        {
            _delay = delayMs;
            return this;
        }

        public IVisualElementScheduledItem Every(long intervalMs)
        {
            _interval = intervalMs;
            return this;
        }

        public IVisualElementScheduledItem Until(Func<bool> stopCondition)
        {
            _until = stopCondition;
            return this;
        }

        internal void Restart() => _due = -1;

        /// <summary>Runs the item if it is due; true where it is done for good.</summary>
        internal bool Run()
        {
            double now = element.Panel.Loop.Time.UnscaledTime;
            if (_due < 0) _due = now + _delay / 1000.0;
            if (!isActive || now < _due) return false;
            _due = now + Math.Max(0, _interval) / 1000.0;
            element.Panel.Loop.Guard(() => _action(new TimerState { now = (long)(now * 1000) }), null);
            if (_interval < 0) return true;
            return _until != null && _until();
        }
    }
}
