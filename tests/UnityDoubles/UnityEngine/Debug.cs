using System;
using UnityDoubles;

namespace UnityEngine
{
    public class Debug
    {
        public static ILogger unityLogger => PlayerLoop.Current.Logger;

        public static bool isDebugBuild => true;

        public static void Log(object message) => Add(LogType.Log, message, null);
        public static void Log(object message, Object context) => Add(LogType.Log, message, context);
        public static void LogFormat(string format, params object[] args) => Add(LogType.Log, string.Format(format, args), null);
        public static void LogWarning(object message) => Add(LogType.Warning, message, null);
        public static void LogWarning(object message, Object context) => Add(LogType.Warning, message, context);
        public static void LogWarningFormat(string format, params object[] args) => Add(LogType.Warning, string.Format(format, args), null);
        public static void LogError(object message) => Add(LogType.Error, message, null);
        public static void LogError(object message, Object context) => Add(LogType.Error, message, context);
        public static void LogErrorFormat(string format, params object[] args) => Add(LogType.Error, string.Format(format, args), null);
        public static void LogException(Exception exception) => LogException(exception, null);
        public static void LogException(Exception exception, Object context) => PlayerLoop.Current.Logger.LogException(exception, context);

        public static void Assert(bool condition)
        {
            if (!condition) Add(LogType.Assert, "Assertion failed", null);
        }

        public static void Assert(bool condition, string message)
        {
            if (!condition) Add(LogType.Assert, message, null);
        }

        private static void Add(LogType type, object message, Object context) => PlayerLoop.Current.Logger.Log(type, message, context);
    }
}
