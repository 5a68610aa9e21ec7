using System;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityDoubles
{
    /// <summary>A line of the console.</summary>
    public sealed class LogEntry
    {
        internal LogEntry(LogType type, string message, Object context, Exception exception)
        {
            Type = type;
            Message = message;
            Context = context;
            Exception = exception;
        }

        /// <summary>How grave it is.</summary>
        public LogType Type { get; }

        /// <summary>What it says.</summary>
        public string Message { get; }

        /// <summary>The object that it belongs to, or null.</summary>
        public Object Context { get; }

        /// <summary>The exception, or null.</summary>
        public Exception Exception { get; }

        /// <inheritdoc/>
        public override string ToString() => $"{Type}: {Message}";
    }
}
