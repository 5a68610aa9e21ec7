namespace UnityEngine.TestTools
{
    /// <summary>What a test expects of the log.</summary>
    public static class LogAssert
    {
        /// <summary>Whether errors in the log let a test pass.</summary>
        public static bool ignoreFailingMessages { get; set; }
    }
}
