using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityDoubles
{
    /// <summary>Keeps what is logged, from any thread.</summary>
    public sealed class LogCapture : ILogHandler
    {
        private readonly PlayerLoop _world;
        private readonly List<LogEntry> _entries = new List<LogEntry>();

        internal LogCapture(PlayerLoop world) => _world = world;

        /// <summary>All lines so far.</summary>
        public IReadOnlyList<LogEntry> Entries
        {
            get
            {
                lock (_entries)
                {
                    return _entries.ToArray();
                }
            }
        }

        /// <summary>Errors, exceptions and failed assertions so far.</summary>
        public IReadOnlyList<LogEntry> Errors => Entries.Where(e => e.Type != LogType.Log && e.Type != LogType.Warning).ToArray();

        /// <summary>Warnings so far.</summary>
        public IReadOnlyList<LogEntry> Warnings => Entries.Where(e => e.Type == LogType.Warning).ToArray();

        /// <summary>Forgets all lines.</summary>
        public void Clear()
        {
            lock (_entries)
            {
                _entries.Clear();
            }
        }

        /// <inheritdoc/>
        public void LogFormat(LogType logType, Object context, string format, params object[] args) =>
            Add(new LogEntry(logType, string.Format(CultureInfo.InvariantCulture, format, args), context, null));

        /// <inheritdoc/>
        public void LogException(Exception exception, Object context) =>
            Add(new LogEntry(LogType.Exception, $"{exception.GetType().Name}: {exception.Message}\n{exception.StackTrace}", context, exception));

        private void Add(LogEntry entry)
        {
            lock (_entries)
            {
                _entries.Add(entry);
            }
            _world.RaiseLog(entry.Message, entry.Type);
        }
    }
}
