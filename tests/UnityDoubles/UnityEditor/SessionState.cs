using System.Collections.Generic;
using UnityDoubles;

namespace UnityEditor
{
    /// <summary>Values that outlive a domain reload and not the editor.</summary>
    public static class SessionState
    {
        public static void SetBool(string key, bool value) => Values[key] = value;
        public static bool GetBool(string key, bool defaultValue) => Get(key, defaultValue);
        public static void EraseBool(string key) => Values.Remove(key);
        public static void SetInt(string key, int value) => Values[key] = value;
        public static int GetInt(string key, int defaultValue) => Get(key, defaultValue);
        public static void EraseInt(string key) => Values.Remove(key);
        public static void SetFloat(string key, float value) => Values[key] = value;
        public static float GetFloat(string key, float defaultValue) => Get(key, defaultValue);
        public static void EraseFloat(string key) => Values.Remove(key);
        public static void SetString(string key, string value) => Values[key] = value;
        public static string GetString(string key, string defaultValue) => Get(key, defaultValue);
        public static void EraseString(string key) => Values.Remove(key);

        private static Dictionary<string, object> Values => EditorSession.Current.SessionValues;

        private static T Get<T>(string key, T defaultValue) => Values.TryGetValue(key, out object value) && value is T found ? found : defaultValue;
    }

    /// <summary>Values that outlive the editor, of one person on one machine.</summary>
    public class EditorPrefs
    {
        public static void SetBool(string key, bool value) => Values[key] = value;
        public static bool GetBool(string key) => Get(key, false);
        public static bool GetBool(string key, bool defaultValue) => Get(key, defaultValue);
        public static void SetInt(string key, int value) => Values[key] = value;
        public static int GetInt(string key, int defaultValue) => Get(key, defaultValue);
        public static void SetFloat(string key, float value) => Values[key] = value;
        public static float GetFloat(string key, float defaultValue) => Get(key, defaultValue);
        public static void SetString(string key, string value) => Values[key] = value;
        public static string GetString(string key) => Get(key, "");
        public static string GetString(string key, string defaultValue) => Get(key, defaultValue);
        public static bool HasKey(string key) => Values.ContainsKey(key);
        public static void DeleteKey(string key) => Values.Remove(key);

        private static Dictionary<string, object> Values => EditorSession.Current.Preferences;

        private static T Get<T>(string key, T defaultValue) => Values.TryGetValue(key, out object value) && value is T found ? found : defaultValue;
    }
}
