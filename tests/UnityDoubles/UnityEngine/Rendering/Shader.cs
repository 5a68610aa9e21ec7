using System.Collections.Concurrent;

namespace UnityEngine
{
    public sealed class Shader : Object
    {
        private static readonly ConcurrentDictionary<string, int> Ids = new ConcurrentDictionary<string, int>();

        internal Shader(string name) => this.name = name;

        public static Shader Find(string name) => new Shader(name);

        public static int PropertyToID(string name) => Ids.GetOrAdd(name, _ => Ids.Count + 1);
    }
}
