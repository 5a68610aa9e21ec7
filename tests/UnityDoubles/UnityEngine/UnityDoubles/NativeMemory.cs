using System;
using System.Runtime.InteropServices;
using Unity.Collections;

namespace UnityDoubles
{
    /// <summary>Memory of the engine's own. What points into it is told when it is gone.</summary>
    internal sealed unsafe class NativeMemory
    {
        private IntPtr _pointer;
        private int _capacity;

        public int Length { get; private set; }

        /// <summary>Changes whenever views into the memory become invalid.</summary>
        public int Version { get; private set; }

        public Span<byte> Span => new Span<byte>((void*)_pointer, Length);

        public void* Pointer => (void*)_pointer;

        public void Resize(int length)
        {
            Invalidate();
            if (_capacity < length)
            {
                Marshal.FreeHGlobal(_pointer);
                _pointer = Marshal.AllocHGlobal(length);
                _capacity = length;
            }
            Length = length;
        }

        public void Invalidate() => Version++;

        public void Free()
        {
            Invalidate();
            Marshal.FreeHGlobal(_pointer);
            _pointer = IntPtr.Zero;
            _capacity = Length = 0;
        }

        public NativeArray<T> As<T>() where T : struct => new NativeArray<T>(this, Length / Marshal.SizeOf<T>());
    }
}
