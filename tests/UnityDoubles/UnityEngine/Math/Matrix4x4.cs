using System;

namespace UnityEngine
{
    /// <summary>Column-major, vectors are columns.</summary>
    [Serializable]
    public struct Matrix4x4
    {
        public float m00, m10, m20, m30;
        public float m01, m11, m21, m31;
        public float m02, m12, m22, m32;
        public float m03, m13, m23, m33;

        public static Matrix4x4 identity => new Matrix4x4 { m00 = 1, m11 = 1, m22 = 1, m33 = 1 };

        public static Matrix4x4 TRS(Vector3 pos, Quaternion q, Vector3 s)
        {
            Vector3 right = q * Vector3.right * s.x, up = q * Vector3.up * s.y, forward = q * Vector3.forward * s.z;
            return new Matrix4x4
            {
                m00 = right.x,
                m10 = right.y,
                m20 = right.z,
                m01 = up.x,
                m11 = up.y,
                m21 = up.z,
                m02 = forward.x,
                m12 = forward.y,
                m22 = forward.z,
                m03 = pos.x,
                m13 = pos.y,
                m23 = pos.z,
                m33 = 1,
            };
        }

        public Vector3 MultiplyPoint3x4(Vector3 point) => new Vector3(
            m00 * point.x + m01 * point.y + m02 * point.z + m03,
            m10 * point.x + m11 * point.y + m12 * point.z + m13,
            m20 * point.x + m21 * point.y + m22 * point.z + m23);

        public Vector3 MultiplyVector(Vector3 vector) => new Vector3(
            m00 * vector.x + m01 * vector.y + m02 * vector.z,
            m10 * vector.x + m11 * vector.y + m12 * vector.z,
            m20 * vector.x + m21 * vector.y + m22 * vector.z);

        public static Matrix4x4 operator *(Matrix4x4 a, Matrix4x4 b)
        {
            var result = new Matrix4x4();
            for (int row = 0; row < 4; row++)
                for (int column = 0; column < 4; column++)
                {
                    float sum = 0;
                    for (int k = 0; k < 4; k++) sum += a[row, k] * b[k, column];
                    result[row, column] = sum;
                }
            return result;
        }

        public float this[int row, int column]
        {
            get => (row + 4 * column) switch
            {
                0 => m00,
                1 => m10,
                2 => m20,
                3 => m30,
                4 => m01,
                5 => m11,
                6 => m21,
                7 => m31,
                8 => m02,
                9 => m12,
                10 => m22,
                11 => m32,
                12 => m03,
                13 => m13,
                14 => m23,
                15 => m33,
                _ => throw new IndexOutOfRangeException("Invalid matrix index!"),
            };
            set
            {
                switch (row + 4 * column)
                {
                    case 0: m00 = value; break;
                    case 1: m10 = value; break;
                    case 2: m20 = value; break;
                    case 3: m30 = value; break;
                    case 4: m01 = value; break;
                    case 5: m11 = value; break;
                    case 6: m21 = value; break;
                    case 7: m31 = value; break;
                    case 8: m02 = value; break;
                    case 9: m12 = value; break;
                    case 10: m22 = value; break;
                    case 11: m32 = value; break;
                    case 12: m03 = value; break;
                    case 13: m13 = value; break;
                    case 14: m23 = value; break;
                    case 15: m33 = value; break;
                    default: throw new IndexOutOfRangeException("Invalid matrix index!");
                }
            }
        }
    }
}
