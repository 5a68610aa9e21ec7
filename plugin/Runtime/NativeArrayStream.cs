using System;
using System.IO;
using Unity.Collections;

namespace Cortado.Unity
{
    /// <summary>Reads an asset's own memory without a managed copy of the whole.</summary>
    internal sealed class NativeArrayStream : Stream
    {
        private readonly NativeArray<byte> _bytes;
        private int _position;

        public NativeArrayStream(NativeArray<byte> bytes) => _bytes = bytes;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => _bytes.Length;

        public override long Position
        {
            get => _position;
            set => _position = (int)Math.Min(Math.Max(0, value), _bytes.Length);
        }

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(buffer.Length, _bytes.Length - _position);
            _bytes.AsReadOnlySpan().Slice(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin)
        {
            Position = offset + (origin == SeekOrigin.Begin ? 0 : origin == SeekOrigin.Current ? _position : _bytes.Length);
            return _position;
        }

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
