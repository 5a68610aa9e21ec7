using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Cortado.Data;
using Cortado.Lmdb;
using UnityEngine;

namespace Cortado.Unity
{
    // What happens while a recording is open: pictures arrive on the main thread and are handed to a thread that writes.
    public sealed partial class DatasetRecorder
    {
        private const int MostInFlight = 8;

        private readonly HashSet<string> _told = new HashSet<string>();
        private DatasetRecording _recording;
        private BackgroundLife _life;
        private FrameReader _frames;
        private TaskCompletionSource<bool> _stopped;
        private double _nextTime;
        private int _classes;

        private void OnDisable()
        {
            IsRecording = false;
            _frames?.Close(_life.IsOver);
            _frames = null;
            _recording?.Finish();
            _stopped?.TrySetCanceled();
            _stopped = null;
        }

        private void Update()
        {
            if (_recording == null) return;
            if (IsRecording && _timesPerSecond > 0 && Time.unscaledTimeAsDouble >= _nextTime)
            {
                _nextTime = Math.Max(_nextTime + 1 / _timesPerSecond, Time.unscaledTimeAsDouble);
                Capture();
            }
            Advance();
        }

        private void Begin()
        {
            Error = "";
            _told.Clear();
            BackgroundLife life = _life = new BackgroundLife();
            _classes = _labels.Length;
            var options = new DatasetRecordingOptions(FullFolder, (string[])_labels.Clone(), LmdbWriter.Append, LmdbDatabase.Open)
            {
                ValidationShare = Mathf.Clamp(_validationShare, 0, 0.9f),
                After = _recording,
                Ended = life.Ended,
            };
            _stopped?.TrySetResult(true);
            _stopped = null;
            _frames?.Close(false);
            _frames = new FrameReader(Add, (message, label) => Report(message), MostInFlight);
            var recording = new DatasetRecording(options);
            life.Begin(recording.Finish, recording.Join);
            _recording = recording;
            _nextTime = Time.unscaledTimeAsDouble;
            IsRecording = true;
        }

        private void Add(ReadOnlySpan<byte> rgba, int width, int height, double time, int label)
        {
            if (!_recording.TryAdd(rgba, width, height, label)) Report("The disk does not follow: some examples are left out. Record fewer a second.");
        }

        private void Advance()
        {
            _recording.Tick();
            if (_recording.Failure is Exception failure)
            {
                IsRecording = false;
                TaskCompletionSource<bool> stopped = _stopped;
                _stopped = null;
                Report(failure is CortadoException ? failure.Message : failure.ToString());
                stopped?.TrySetException(failure);
            }
            else if (!IsRecording && (_frames == null || _frames.IsIdle))
            {
                _recording.Finish();
                if (!_recording.HasEnded) return;
                TaskCompletionSource<bool> stopped = _stopped;
                _stopped = null;
                stopped?.TrySetResult(true);
            }
        }

        // The same trouble is told once, and not in every frame.
        private void Report(string message)
        {
            Error = message;
            if (!_told.Add(message)) return;
            Debug.LogError(message, this);
            _onError.Invoke(message);
        }
    }
}
