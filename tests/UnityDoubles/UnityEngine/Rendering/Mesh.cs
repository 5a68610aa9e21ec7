using System;

namespace UnityEngine
{
    public sealed class Mesh : Object
    {
        public Vector3[] vertices { get; set; } = Array.Empty<Vector3>();

        public Vector3[] normals { get; set; } = Array.Empty<Vector3>();

        public Vector2[] uv { get; set; } = Array.Empty<Vector2>();

        public int[] triangles { get; set; } = Array.Empty<int>();

        public int vertexCount => vertices.Length;

        public Bounds bounds { get; set; }

        public void Clear() => (vertices, normals, uv, triangles) = (Array.Empty<Vector3>(), Array.Empty<Vector3>(), Array.Empty<Vector2>(), Array.Empty<int>());
    }
}
