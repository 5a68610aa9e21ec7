using UnityDoubles;

namespace UnityEngine
{
    public class PlayerPrefs
    {
        public static void SetInt(string key, int value) => PlayerLoop.Current.Preferences[key] = value;
        public static int GetInt(string key, int defaultValue) => PlayerLoop.Current.Preferences.TryGetValue(key, out object found) && found is int value ? value : defaultValue;
        public static int GetInt(string key) => GetInt(key, 0);
        public static void SetString(string key, string value) => PlayerLoop.Current.Preferences[key] = value;
        public static string GetString(string key, string defaultValue) => PlayerLoop.Current.Preferences.TryGetValue(key, out object found) && found is string value ? value : defaultValue;
        public static string GetString(string key) => GetString(key, "");
        public static bool HasKey(string key) => PlayerLoop.Current.Preferences.ContainsKey(key);
        public static void DeleteKey(string key) => PlayerLoop.Current.Preferences.Remove(key);
        public static void Save()
        {
        }
    }
}
