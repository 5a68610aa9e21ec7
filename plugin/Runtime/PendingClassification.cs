using System;
using System.Threading.Tasks;
using Cortado.Inference;
using UnityEngine;

namespace Cortado.Unity
{
    /// <summary>One call of ClassifyAsync, from its texture to its result.</summary>
    internal sealed class PendingClassification
    {
        // Whoever waits goes on after Update, not in the midst of it.
        private readonly TaskCompletionSource<Classification> _completion = new TaskCompletionSource<Classification>(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly double _time = Time.unscaledTimeAsDouble;
        private readonly Texture _texture;
        private readonly int _top;
        private bool _isAskedFor;

        /// <param name="texture">The texture.</param>
        /// <param name="top">How many classes are wanted.</param>
        /// <param name="number">Tells it from the others of a component.</param>
        public PendingClassification(Texture texture, int top, int number)
        {
            _texture = texture;
            _top = top;
            Number = number;
        }

        /// <summary>The tag of its picture.</summary>
        public int Number { get; }

        public Task<Classification> Task => _completion.Task;

        /// <summary>What the thread that classifies has of it; null before its picture is there.</summary>
        public ClassificationRequest Request { get; private set; }

        /// <summary>Goes on as far as it can.</summary>
        /// <param name="status">How far what classifies has come.</param>
        /// <param name="pictures">Brings its picture.</param>
        /// <param name="loadFailure">Why the network that is wanted could not be loaded; null where nothing is wrong with it.</param>
        /// <returns>Whether it is complete.</returns>
        public bool Advance(BackgroundStatus status, FrameReader pictures, Exception loadFailure)
        {
            // Its picture may have failed between two frames.
            if (Task.IsCompleted) return true;
            if (Request != null && Request.IsDone)
            {
                if (Request.Failure != null) Fail(Request.Failure);
                else _completion.TrySetResult(new Classification(Request.Best, _time, 0));
            }
            else if (loadFailure != null)
            {
                Fail(loadFailure);
            }
            else if (!_isAskedFor && status.ImageWidth > 0)
            {
                if (_texture == null) Fail(new InvalidOperationException("The texture was destroyed before it could be classified."));
                else _isAskedFor = pictures.TryRequest(null, _texture, new Rect(0, 0, 1, 1), status.ImageWidth, status.ImageHeight, Number);
            }
            return Task.IsCompleted;
        }

        /// <summary>Takes its picture to the thread that classifies.</summary>
        public void Submit(BackgroundClassifier classifier, ClassificationRequest request, ReadOnlySpan<byte> rgba, int width, int height)
        {
            request.Fill(rgba, width, height, _top);
            Request = request;
            classifier.Submit(request);
        }

        /// <summary>Ends it with an error.</summary>
        public void Fail(Exception failure)
        {
            if (failure is OperationCanceledException) _completion.TrySetCanceled();
            else _completion.TrySetException(failure);
        }

        /// <summary>Ends it without a result.</summary>
        public void Cancel() => _completion.TrySetCanceled();
    }
}
