using System;
using UnityEditor;
using UnityEngine.UIElements;
using Object = UnityEngine.Object;

namespace UnityDoubles
{
    /// <summary>What a person drags over the editor.</summary>
    public sealed class Drag
    {
        /// <summary>The dragged objects.</summary>
        public Object[] Objects { get; set; } = Array.Empty<Object>();

        /// <summary>The dragged files.</summary>
        public string[] Paths { get; set; } = Array.Empty<string>();

        /// <summary>What the target shows that it would do.</summary>
        public DragAndDropVisualMode Mode { get; set; }

        /// <summary>Whether the target took it.</summary>
        public bool Accepted { get; set; }
    }

    public sealed partial class EditorSession
    {
        /// <summary>What is dragged now.</summary>
        public Drag Drag { get; private set; } = new Drag();

        /// <summary>Drags objects or files over an element and drops them there, if it shows that it takes them.</summary>
        /// <returns>Whether it took them.</returns>
        public bool Drop(VisualElement target, Object[] objects, params string[] paths)
        {
            Drag = new Drag { Objects = objects ?? Array.Empty<Object>(), Paths = paths };
            using (DragEnterEvent enter = DragEnterEvent.GetPooled()) target.SendEvent(enter);
            using (DragUpdatedEvent over = DragUpdatedEvent.GetPooled()) target.SendEvent(over);
            if (Drag.Mode == DragAndDropVisualMode.None || Drag.Mode == DragAndDropVisualMode.Rejected)
            {
                using (DragLeaveEvent leave = DragLeaveEvent.GetPooled()) target.SendEvent(leave);
                return false;
            }
            using (DragPerformEvent perform = DragPerformEvent.GetPooled()) target.SendEvent(perform);
            return Drag.Accepted;
        }
    }
}
