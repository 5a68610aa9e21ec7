using System;
using System.Linq;
using Cortado.Inference;
using UnityEditor;
using UnityEngine;
using UnityEngine.UIElements;

namespace Cortado.Unity.Editor
{
    /// <summary>A place to drop a texture on, which a network then says something about.</summary>
    internal sealed class TrialView : VisualElement
    {
        private const long LookMilliseconds = 100;

        private readonly Func<TexturePixels, BackgroundTask<TrialAnswer>> _start;
        private readonly Image _picture = new Image { name = "trial-image" };
        private readonly Label _message = new Label("Drop a texture here to see what the network says.") { name = "trial-message" };
        private readonly VisualElement _scores = new VisualElement { name = "trial-scores" };
        private BackgroundTask<TrialAnswer> _task;

        /// <summary>Makes the place.</summary>
        /// <param name="start">Begins to classify a picture in the background.</param>
        public TrialView(Func<TexturePixels, BackgroundTask<TrialAnswer>> start)
        {
            _start = start;
            name = "trial";
            AddToClassList("cortado-trial");
            _picture.AddToClassList("cortado-trial__image");
            _message.AddToClassList("cortado-note");
            var answer = new VisualElement();
            answer.AddToClassList("cortado-trial__answer");
            answer.Add(_message);
            answer.Add(_scores);
            Add(_picture);
            Add(answer);
            RegisterCallback<DragUpdatedEvent>(e => Over());
            RegisterCallback<DragLeaveEvent>(e => RemoveFromClassList("cortado-trial--over"));
            RegisterCallback<DragPerformEvent>(e => Drop());
            RegisterCallback<DetachFromPanelEvent>(e => _task?.Cancel());
            schedule.Execute(Look).Every(LookMilliseconds);
        }

        /// <summary>The texture that was dropped last; null before.</summary>
        public Texture Dropped { get; private set; }

        /// <summary>Tries a texture.</summary>
        public void Try(Texture texture)
        {
            Dropped = texture;
            _task?.Cancel();
            _picture.image = texture;
            _scores.Clear();
            _message.text = "Loading the network...";
            _task = _start(TexturePixels.Read(texture));
        }

        private void Over()
        {
            bool takes = DragAndDrop.objectReferences.OfType<Texture>().Any();
            DragAndDrop.visualMode = takes ? DragAndDropVisualMode.Copy : DragAndDropVisualMode.Rejected;
            EnableInClassList("cortado-trial--over", takes);
        }

        private void Drop()
        {
            RemoveFromClassList("cortado-trial--over");
            Texture texture = DragAndDrop.objectReferences.OfType<Texture>().FirstOrDefault();
            if (texture == null) return;
            DragAndDrop.AcceptDrag();
            Try(texture);
        }

        private void Look()
        {
            if (_task == null || !_task.IsDone) return;
            BackgroundTask<TrialAnswer> done = _task;
            _task = null;
            _message.text = done.Succeeded ? $"The network says, on {done.Result.Device}:" : done.Problem ?? "";
            _scores.Clear();
            if (!done.Succeeded) return;
            foreach (ClassScore score in done.Result.Scores)
                _scores.Add(new ProgressBar { highValue = 1, value = score.Probability, title = FormattableString.Invariant($"{score.Label} {100 * score.Probability:F1} %") });
        }
    }
}
