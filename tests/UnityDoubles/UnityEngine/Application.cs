using System;
using UnityDoubles;

namespace UnityEngine
{
    public class Application
    {
        public delegate void LogCallback(string condition, string stackTrace, LogType type);

        public static event Action quitting
        {
            add => PlayerLoop.Current.Quitting += value;
            remove => PlayerLoop.Current.Quitting -= value;
        }

        public static event LogCallback logMessageReceived
        {
            add => PlayerLoop.Current.LogReceived += value;
            remove => PlayerLoop.Current.LogReceived -= value;
        }

        public static bool isPlaying => PlayerLoop.Current.OnMainThread("get_isPlaying").IsPlaying;

        public static bool isEditor => PlayerLoop.Current.IsEditor;

        public static bool isBatchMode => true;

        public static bool isFocused => true;

        public static bool runInBackground { get => true; set { } }

        public static int targetFrameRate { get => PlayerLoop.Current.TargetFrameRate; set => PlayerLoop.Current.TargetFrameRate = value; }

        public static string dataPath => PlayerLoop.Current.ProjectFolder + "/Assets";

        public static string persistentDataPath => PlayerLoop.Current.ProjectFolder + "/PersistentData";

        public static string temporaryCachePath => PlayerLoop.Current.ProjectFolder + "/Temp";

        public static string streamingAssetsPath => dataPath + "/StreamingAssets";

        public static string productName => "Doubles";

        public static string companyName => "DefaultCompany";

        public static string version => "0.1";

        public static string unityVersion => "6000.3.0f1";

        public static RuntimePlatform platform => PlayerLoop.Current.IsEditor ? RuntimePlatform.LinuxEditor : RuntimePlatform.LinuxPlayer;

        public static void Quit() => PlayerLoop.Current.Quit();

        public static void Quit(int exitCode) => Quit();

        public static void OpenURL(string url)
        {
        }
    }
}
