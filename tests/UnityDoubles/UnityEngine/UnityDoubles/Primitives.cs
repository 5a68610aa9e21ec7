using UnityEngine;

namespace UnityDoubles
{
    /// <summary>The meshes that GameObject.CreatePrimitive uses: named as Unity names them, with the bounds that they have; a renderer knows their shape by name.</summary>
    internal static class Primitives
    {
        public static Mesh MeshOf(PrimitiveType type) => new Mesh { name = type.ToString(), bounds = new Bounds(Vector3.zero, Size(type)) };

        public static Material Material() => new Material(new Shader("Standard")) { name = "Default-Material" };

        private static Vector3 Size(PrimitiveType type) => type switch
        {
            PrimitiveType.Plane => new Vector3(10, 0, 10),
            PrimitiveType.Quad => new Vector3(1, 1, 0),
            PrimitiveType.Capsule => new Vector3(1, 2, 1),
            PrimitiveType.Cylinder => new Vector3(1, 2, 1),
            _ => Vector3.one,
        };
    }
}
