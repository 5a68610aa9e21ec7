namespace UnityEngine
{
    public sealed class MeshFilter : Component
    {
        public Mesh sharedMesh { get; set; }

        public Mesh mesh { get => sharedMesh; set => sharedMesh = value; }

        internal override void CopyEngineState(Object to) => ((MeshFilter)to).sharedMesh = sharedMesh;
    }
}
