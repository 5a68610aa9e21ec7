using System;

namespace UnityEngine.UIElements
{
    public enum TrickleDown
    {
        NoTrickleDown,
        TrickleDown,
    }

    public delegate void EventCallback<in TEventType>(TEventType evt);

    public interface IEventHandler
    {
        void SendEvent(EventBase e);

        void HandleEvent(EventBase evt);
    }

    public abstract class EventBase : IDisposable
    {
        public bool bubbles { get; protected set; }

        public bool tricklesDown { get; protected set; }

        public IEventHandler target { get; set; }

        public IEventHandler currentTarget { get; internal set; }

        public bool isPropagationStopped { get; private set; }

        public void StopPropagation() => isPropagationStopped = true;

        public void StopImmediatePropagation() => isPropagationStopped = true;

        public void Dispose()
        {
        }
    }

    public abstract class EventBase<T> : EventBase where T : EventBase<T>, new()
    {
        public static T GetPooled() => new T();
    }

    public interface IChangeEvent
    {
    }

    public class ChangeEvent<T> : EventBase<ChangeEvent<T>>, IChangeEvent
    {
        public ChangeEvent()
        {
            bubbles = tricklesDown = true;
        }

        public T previousValue { get; protected set; }

        public T newValue { get; protected set; }

        public static ChangeEvent<T> GetPooled(T previousValue, T newValue) => new ChangeEvent<T> { previousValue = previousValue, newValue = newValue };
    }

    public class ClickEvent : EventBase<ClickEvent>
    {
        public ClickEvent() => bubbles = tricklesDown = true;
    }

    public class GeometryChangedEvent : EventBase<GeometryChangedEvent>
    {
        public Rect oldRect { get; private set; }

        public Rect newRect { get; private set; }

        public static GeometryChangedEvent GetPooled(Rect oldRect, Rect newRect) => new GeometryChangedEvent { oldRect = oldRect, newRect = newRect };
    }

    public class AttachToPanelEvent : EventBase<AttachToPanelEvent>
    {
    }

    public class DetachFromPanelEvent : EventBase<DetachFromPanelEvent>
    {
    }

    public class CustomStyleResolvedEvent : EventBase<CustomStyleResolvedEvent>
    {
        public ICustomStyle customStyle => ((VisualElement)target).customStyle;
    }

    public abstract class DragAndDropEventBase<T> : EventBase<T> where T : DragAndDropEventBase<T>, new()
    {
        protected DragAndDropEventBase() => bubbles = tricklesDown = true;
    }

    public class DragEnterEvent : DragAndDropEventBase<DragEnterEvent>
    {
    }

    public class DragLeaveEvent : DragAndDropEventBase<DragLeaveEvent>
    {
    }

    public class DragUpdatedEvent : DragAndDropEventBase<DragUpdatedEvent>
    {
    }

    public class DragPerformEvent : DragAndDropEventBase<DragPerformEvent>
    {
    }

    public class DragExitedEvent : DragAndDropEventBase<DragExitedEvent>
    {
    }
}
