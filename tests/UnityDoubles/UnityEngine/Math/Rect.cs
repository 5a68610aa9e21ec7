using System;

namespace UnityEngine
{
    [Serializable]
    public struct Rect : IEquatable<Rect>
    {
        private float m_XMin;
        private float m_YMin;
        private float m_Width;
        private float m_Height;

        public Rect(float x, float y, float width, float height)
        {
            m_XMin = x;
            m_YMin = y;
            m_Width = width;
            m_Height = height;
        }

        public Rect(Vector2 position, Vector2 size)
            : this(position.x, position.y, size.x, size.y)
        {
        }

        public static Rect zero => new Rect(0, 0, 0, 0);
        public float x { get => m_XMin; set => m_XMin = value; }
        public float y { get => m_YMin; set => m_YMin = value; }
        public float width { get => m_Width; set => m_Width = value; }
        public float height { get => m_Height; set => m_Height = value; }
        public float xMin { get => m_XMin; set { m_Width += m_XMin - value; m_XMin = value; } }
        public float yMin { get => m_YMin; set { m_Height += m_YMin - value; m_YMin = value; } }
        public float xMax { get => m_XMin + m_Width; set => m_Width = value - m_XMin; }
        public float yMax { get => m_YMin + m_Height; set => m_Height = value - m_YMin; }
        public Vector2 position { get => new Vector2(m_XMin, m_YMin); set { m_XMin = value.x; m_YMin = value.y; } }
        public Vector2 size { get => new Vector2(m_Width, m_Height); set { m_Width = value.x; m_Height = value.y; } }
        public Vector2 center { get => new Vector2(x + m_Width / 2, y + m_Height / 2); set { m_XMin = value.x - m_Width / 2; m_YMin = value.y - m_Height / 2; } }

        public static Rect MinMaxRect(float xmin, float ymin, float xmax, float ymax) => new Rect(xmin, ymin, xmax - xmin, ymax - ymin);
        public bool Contains(Vector2 point) => point.x >= xMin && point.x < xMax && point.y >= yMin && point.y < yMax;
        public bool Overlaps(Rect other) => other.xMax > xMin && other.xMin < xMax && other.yMax > yMin && other.yMin < yMax;

        public static bool operator ==(Rect lhs, Rect rhs) => lhs.Equals(rhs);
        public static bool operator !=(Rect lhs, Rect rhs) => !(lhs == rhs);
        public bool Equals(Rect other) => m_XMin == other.m_XMin && m_YMin == other.m_YMin && m_Width == other.m_Width && m_Height == other.m_Height;
        public override bool Equals(object other) => other is Rect r && Equals(r);
        public override int GetHashCode() => m_XMin.GetHashCode() ^ (m_Width.GetHashCode() << 2) ^ (m_YMin.GetHashCode() >> 2) ^ (m_Height.GetHashCode() >> 1);
        public override string ToString() => FormattableString.Invariant($"(x:{m_XMin:F2}, y:{m_YMin:F2}, width:{m_Width:F2}, height:{m_Height:F2})");
    }
}
