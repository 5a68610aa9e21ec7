namespace Cortado.Demo.Play;

/// <summary>What an earlier game left.</summary>
internal static class Recordings
{
    /// <summary>Removes the recordings, trainings and networks of an earlier game, so that this one begins as the first did; nothing else in the folder is touched.</summary>
    public static void Clear(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string name in new[] { "Recordings", "Trainings", "UserSettings", Path.Combine("Assets", "Networks") })
            if (Path.Combine(folder, name) is var path && Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }
}
