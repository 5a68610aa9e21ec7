using System;

namespace UnityEngine
{
    [Serializable]
    public struct Vector2Int : IEquatable<Vector2Int>
    {
        private int m_X;
        private int m_Y;

        public Vector2Int(int x, int y)
        {
            m_X = x;
            m_Y = y;
        }

        public int x { get => m_X; set => m_X = value; }
        public int y { get => m_Y; set => m_Y = value; }
        public static Vector2Int zero => new Vector2Int(0, 0);
        public static Vector2Int one => new Vector2Int(1, 1);

        public static bool operator ==(Vector2Int lhs, Vector2Int rhs) => lhs.m_X == rhs.m_X && lhs.m_Y == rhs.m_Y;
        public static bool operator !=(Vector2Int lhs, Vector2Int rhs) => !(lhs == rhs);
        public static implicit operator Vector2(Vector2Int v) => new Vector2(v.m_X, v.m_Y);

        public bool Equals(Vector2Int other) => this == other;
        public override bool Equals(object other) => other is Vector2Int v && Equals(v);
        public override int GetHashCode() => (m_X * 73856093) ^ (m_Y * 83492791);
        public override string ToString() => FormattableString.Invariant($"({m_X}, {m_Y})");
    }
}
