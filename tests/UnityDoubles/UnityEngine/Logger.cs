using System;

namespace UnityEngine
{
    public class Logger : ILogger
    {
        public Logger(ILogHandler logHandler) => this.logHandler = logHandler;

        public ILogHandler logHandler { get; set; }

        public bool logEnabled { get; set; } = true;

        public LogType filterLogType { get; set; } = LogType.Log;

        public bool IsLogTypeAllowed(LogType logType) => logEnabled && (logType == LogType.Exception || logType <= filterLogType);

        public void Log(LogType logType, object message) => Log(logType, message, null);

        public void Log(LogType logType, object message, Object context)
        {
            if (IsLogTypeAllowed(logType)) logHandler.LogFormat(logType, context, "{0}", message ?? "Null");
        }

        public void Log(object message) => Log(LogType.Log, message);

        public void LogFormat(LogType logType, Object context, string format, params object[] args)
        {
            if (IsLogTypeAllowed(logType)) logHandler.LogFormat(logType, context, format, args);
        }

        public void LogException(Exception exception) => LogException(exception, null);

        public void LogException(Exception exception, Object context)
        {
            if (logEnabled) logHandler.LogException(exception, context);
        }
    }
}
