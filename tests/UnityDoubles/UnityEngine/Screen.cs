namespace UnityEngine
{
    public sealed class Screen
    {
        public static int width => 1280;
        public static int height => 720;
    }
}
