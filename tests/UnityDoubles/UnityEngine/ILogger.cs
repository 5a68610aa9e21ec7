using System;

namespace UnityEngine
{
    public interface ILogger : ILogHandler
    {
        ILogHandler logHandler { get; set; }

        bool logEnabled { get; set; }

        LogType filterLogType { get; set; }

        bool IsLogTypeAllowed(LogType logType);

        void Log(LogType logType, object message);

        void Log(LogType logType, object message, Object context);

        void Log(object message);

        void LogException(Exception exception);
    }
}
