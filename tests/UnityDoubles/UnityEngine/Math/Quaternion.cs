using System;

namespace UnityEngine
{
    [Serializable]
    public struct Quaternion : IEquatable<Quaternion>
    {
        public float x;
        public float y;
        public float z;
        public float w;

        public Quaternion(float x, float y, float z, float w)
        {
            this.x = x;
            this.y = y;
            this.z = z;
            this.w = w;
        }

        public static Quaternion identity => new Quaternion(0, 0, 0, 1);

        /// <summary>Rotates z degrees around z, then x around x, then y around y.</summary>
        public static Quaternion Euler(float x, float y, float z) =>
            AngleAxis(y, Vector3.up) * AngleAxis(x, Vector3.right) * AngleAxis(z, Vector3.forward);

        public static Quaternion Euler(Vector3 euler) => Euler(euler.x, euler.y, euler.z);

        public static Quaternion AngleAxis(float angle, Vector3 axis)
        {
            if (axis.sqrMagnitude == 0) return identity;
            axis = axis.normalized;
            double half = angle * Math.PI / 360;
            float sin = (float)Math.Sin(half);
            return new Quaternion(axis.x * sin, axis.y * sin, axis.z * sin, (float)Math.Cos(half));
        }

        /// <summary>Interpolates and normalizes, the shorter way.</summary>
        public static Quaternion Lerp(Quaternion a, Quaternion b, float t)
        {
            t = Mathf.Clamp01(t);
            float way = a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w < 0 ? -t : t;
            float x = a.x * (1 - t) + b.x * way, y = a.y * (1 - t) + b.y * way, z = a.z * (1 - t) + b.z * way, w = a.w * (1 - t) + b.w * way;
            float length = (float)Math.Sqrt(x * x + y * y + z * z + w * w);
            return new Quaternion(x / length, y / length, z / length, w / length);
        }

        public static Quaternion LookRotation(Vector3 forward) => LookRotation(forward, Vector3.up);

        public static Quaternion LookRotation(Vector3 forward, Vector3 upwards)
        {
            if (forward.sqrMagnitude == 0) return identity;
            Vector3 f = forward.normalized;
            Vector3 r = Vector3.Cross(upwards, f);
            r = r.sqrMagnitude < 1e-10f ? Vector3.Cross(Math.Abs(f.x) < 0.9f ? Vector3.right : Vector3.forward, f).normalized : r.normalized;
            Vector3 u = Vector3.Cross(f, r);
            float trace = r.x + u.y + f.z;
            if (trace > 0)
            {
                float s = (float)Math.Sqrt(trace + 1) * 2;
                return new Quaternion((u.z - f.y) / s, (f.x - r.z) / s, (r.y - u.x) / s, s / 4);
            }
            if (r.x > u.y && r.x > f.z)
            {
                float s = (float)Math.Sqrt(1 + r.x - u.y - f.z) * 2;
                return new Quaternion(s / 4, (u.x + r.y) / s, (f.x + r.z) / s, (u.z - f.y) / s);
            }
            if (u.y > f.z)
            {
                float s = (float)Math.Sqrt(1 + u.y - r.x - f.z) * 2;
                return new Quaternion((u.x + r.y) / s, s / 4, (f.y + u.z) / s, (f.x - r.z) / s);
            }
            float t = (float)Math.Sqrt(1 + f.z - r.x - u.y) * 2;
            return new Quaternion((f.x + r.z) / t, (f.y + u.z) / t, t / 4, (r.y - u.x) / t);
        }

        public static Quaternion Inverse(Quaternion rotation) => new Quaternion(-rotation.x, -rotation.y, -rotation.z, rotation.w);
        public static float Dot(Quaternion a, Quaternion b) => a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
        public static float Angle(Quaternion a, Quaternion b) => (float)(Math.Acos(Math.Min(Math.Abs(Dot(a, b)), 1)) * 2 * 180 / Math.PI);

        public static Quaternion Slerp(Quaternion a, Quaternion b, float t)
        {
            t = Mathf.Clamp01(t);
            float dot = Dot(a, b);
            if (dot < 0) (b, dot) = (new Quaternion(-b.x, -b.y, -b.z, -b.w), -dot);
            float wa = 1 - t, wb = t;
            if (dot < 0.9995f)
            {
                double angle = Math.Acos(dot), sin = Math.Sin(angle);
                wa = (float)(Math.Sin((1 - t) * angle) / sin);
                wb = (float)(Math.Sin(t * angle) / sin);
            }
            return new Quaternion(wa * a.x + wb * b.x, wa * a.y + wb * b.y, wa * a.z + wb * b.z, wa * a.w + wb * b.w).normalized;
        }

        public Quaternion normalized
        {
            get
            {
                float length = (float)Math.Sqrt(Dot(this, this));
                return length < 1e-20f ? identity : new Quaternion(x / length, y / length, z / length, w / length);
            }
        }

        public Vector3 eulerAngles
        {
            get
            {
                double sin = 2.0 * (w * x - y * z);
                double ax = Math.Abs(sin) > 0.999999 ? Math.PI / 2 * Math.Sign(sin) : Math.Asin(sin);
                double ay = Math.Abs(sin) > 0.999999 ? 2 * Math.Atan2(y, w) : Math.Atan2(2.0 * (w * y + x * z), 1 - 2.0 * (x * x + y * y));
                double az = Math.Abs(sin) > 0.999999 ? 0 : Math.Atan2(2.0 * (w * z + x * y), 1 - 2.0 * (x * x + z * z));
                return new Vector3(Degrees(ax), Degrees(ay), Degrees(az));
            }
            set => this = Euler(value);
        }

        public static Quaternion operator *(Quaternion a, Quaternion b) => new Quaternion(
            a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
            a.w * b.y + a.y * b.w + a.z * b.x - a.x * b.z,
            a.w * b.z + a.z * b.w + a.x * b.y - a.y * b.x,
            a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z);

        public static Vector3 operator *(Quaternion rotation, Vector3 point)
        {
            var axis = new Vector3(rotation.x, rotation.y, rotation.z);
            Vector3 t = 2 * Vector3.Cross(axis, point);
            return point + rotation.w * t + Vector3.Cross(axis, t);
        }

        public static bool operator ==(Quaternion lhs, Quaternion rhs) => Dot(lhs, rhs) > 0.999999f;
        public static bool operator !=(Quaternion lhs, Quaternion rhs) => !(lhs == rhs);

        public bool Equals(Quaternion other) => x == other.x && y == other.y && z == other.z && w == other.w;
        public override bool Equals(object other) => other is Quaternion q && Equals(q);
        public override int GetHashCode() => x.GetHashCode() ^ (y.GetHashCode() << 2) ^ (z.GetHashCode() >> 2) ^ (w.GetHashCode() >> 1);
        public override string ToString() => FormattableString.Invariant($"({x:F5}, {y:F5}, {z:F5}, {w:F5})");

        private static float Degrees(double radians) => (float)((radians * 180 / Math.PI + 360) % 360);
    }
}
