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
        private FrameReader _reader;
        private ClassificationRequest _request;

        public PendingClassification(Texture texture, int top)
        {
            _texture = texture;
            _top = top;
        }

        public Task<Classification> Task => _completion.Task;

        /// <summary>Goes on as far as it can.</summary>
        /// <param name="classifier">What classifies.</param>
        /// <param name="loadFailure">Why the network that is wanted could not be loaded; null where nothing is wrong with it.</param>
        /// <returns>Whether it is complete.</returns>
        public bool Advance(BackgroundClassifier classifier, Exception loadFailure)
        {
            // Its reader may have failed between two frames.
            if (Task.IsCompleted) return true;
            if (loadFailure != null && (_request == null || !_request.IsDone))
            {
                Fail(loadFailure);
                return true;
            }
            BackgroundStatus status = classifier.Status;
            if (_reader == null && status.ImageWidth > 0)
            {
                if (_texture == null)
                {
                    Fail(new InvalidOperationException("The texture was destroyed before it could be classified."));
                    return true;
                }
                _reader = new FrameReader((rgba, width, height, time, tag) => Submit(classifier, rgba.ToArray(), width, height), message => Fail(new CortadoException(message)));
                if (!_reader.TryRequest(null, _texture, new Rect(0, 0, 1, 1), status.ImageWidth, status.ImageHeight, 0)) CloseReader();
            }
            if (_request == null || !_request.IsDone) return Task.IsCompleted;
            if (_request.Failure != null) Fail(_request.Failure);
            else Complete(new Classification(_request.Best, _time, 0));
            return true;
        }

        /// <summary>Ends it without a result.</summary>
        /// <param name="wait">Whether the scripts' domain goes.</param>
        public void Cancel(bool wait)
        {
            CloseReader(wait);
            _completion.TrySetCanceled();
        }

        private void Submit(BackgroundClassifier classifier, byte[] rgba, int width, int height)
        {
            _request = new ClassificationRequest(rgba, width, height, _top);
            classifier.Submit(_request);
        }

        private void Complete(Classification result)
        {
            CloseReader();
            _completion.TrySetResult(result);
        }

        private void Fail(Exception failure)
        {
            CloseReader();
            if (failure is OperationCanceledException) _completion.TrySetCanceled();
            else _completion.TrySetException(failure);
        }

        private void CloseReader(bool wait = false)
        {
            _reader?.Close(wait);
            _reader = null;
        }
    }
}
