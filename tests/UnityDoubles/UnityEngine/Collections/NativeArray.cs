using System;
using System.Collections;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using UnityDoubles;

namespace Unity.Collections
{
    public struct NativeArray<T> : IDisposable, IEnumerable<T> where T : struct
    {
        private readonly bool _owner;
        private readonly int _version;
        private readonly int _length;
        private NativeMemory _memory;

        public NativeArray(int length, Allocator allocator, NativeArrayOptions options = NativeArrayOptions.ClearMemory)
        {
            if (allocator <= Allocator.None) throw new ArgumentException("Allocator must be Temp, TempJob or Persistent", nameof(allocator));
            if (length < 0) throw new ArgumentOutOfRangeException(nameof(length), "Length must be >= 0");
            _memory = new NativeMemory();
            _memory.Resize(length * Marshal.SizeOf<T>());
            if (options == NativeArrayOptions.ClearMemory) _memory.Span.Clear();
            _version = _memory.Version;
            _length = length;
            _owner = true;
        }

        public NativeArray(T[] array, Allocator allocator)
            : this(array.Length, allocator, NativeArrayOptions.UninitializedMemory) => array.AsSpan().CopyTo(Checked);

        internal NativeArray(NativeMemory memory, int length)
        {
            _memory = memory;
            _version = memory.Version;
            _length = length;
            _owner = false;
        }

        public int Length => _length;

        public bool IsCreated => _memory != null && _memory.Version == _version;

        public T this[int index]
        {
            get => Checked[index];
            set => Checked[index] = value;
        }

        public T[] ToArray() => Checked.ToArray();

        public Span<T> AsSpan() => Checked;

        public ReadOnlySpan<T> AsReadOnlySpan() => Checked;

        public void CopyTo(T[] array) => Copy(this, array);

        public void CopyFrom(T[] array)
        {
            if (array.Length != _length) throw new ArgumentException("source and destination length must be the same");
            array.AsSpan().CopyTo(Checked);
        }

        public static void Copy(NativeArray<T> src, T[] dst)
        {
            if (src._length != dst.Length) throw new ArgumentException("source and destination length must be the same");
            src.Checked.CopyTo(dst);
        }

        public static void Copy(NativeArray<T> src, T[] dst, int length) => src.Checked.Slice(0, length).CopyTo(dst);

        public static void Copy(NativeArray<T> src, int srcIndex, T[] dst, int dstIndex, int length) =>
            src.Checked.Slice(srcIndex, length).CopyTo(dst.AsSpan(dstIndex));

        public void Dispose()
        {
            if (!_owner) throw new InvalidOperationException("The NativeArray can not be Disposed because it was not allocated with a valid allocator.");
            if (!IsCreated) throw new ObjectDisposedException("The NativeArray is already disposed.");
            _memory.Free();
            _memory = null;
        }

        public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        internal unsafe void* Pointer => Checked.Length >= 0 ? _memory.Pointer : null;

        private Span<T> Checked => IsCreated
            ? MemoryMarshal.Cast<byte, T>(_memory.Span).Slice(0, _length)
            : throw new ObjectDisposedException(nameof(NativeArray<T>), "The NativeArray has been deallocated, it is not allowed to access it");
    }
}
