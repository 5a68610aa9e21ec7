using System;
using System.Text;
using Unity.Collections;
using UnityDoubles;

namespace UnityEngine
{
    public class TextAsset : Object
    {
        private readonly NativeMemory _bytes = new NativeMemory();

        public TextAsset()
            : this("")
        {
        }

        public TextAsset(string text)
            : this(new ReadOnlySpan<byte>(Encoding.UTF8.GetBytes(text)))
        {
        }

        /// <summary>Since Unity 2023.2.</summary>
        public TextAsset(ReadOnlySpan<byte> bytes)
        {
            _bytes.Resize(bytes.Length);
            bytes.CopyTo(_bytes.Span);
        }

        public string text => Encoding.UTF8.GetString(bytes);

        /// <summary>A managed copy, made at each call.</summary>
        public byte[] bytes
        {
            get
            {
                ThrowIfDestroyed();
                return _bytes.Span.ToArray();
            }
        }

        public long dataSize
        {
            get
            {
                ThrowIfDestroyed();
                return _bytes.Length;
            }
        }

        /// <summary>The asset's own memory, not a copy; valid while the asset lives.</summary>
        public NativeArray<T> GetData<T>() where T : struct
        {
            ThrowIfDestroyed();
            return _bytes.As<T>();
        }

        public override string ToString() => text;

        internal override void ReleaseNative() => _bytes.Free();
    }
}
