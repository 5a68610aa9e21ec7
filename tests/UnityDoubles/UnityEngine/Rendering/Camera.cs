using UnityDoubles;

namespace UnityEngine
{
    public sealed class Camera : Behaviour
    {
        private float? _aspect;

        public RenderTexture targetTexture { get; set; }

        public float fieldOfView { get; set; } = 60;

        public float nearClipPlane { get; set; } = 0.3f;

        public float farClipPlane { get; set; } = 1000;

        public bool orthographic { get; set; }

        public float orthographicSize { get; set; } = 5;

        public float depth { get; set; }

        public int cullingMask { get; set; } = -1;

        public CameraClearFlags clearFlags { get; set; } = CameraClearFlags.Skybox;

        public Color backgroundColor { get; set; } = new Color(0.192157f, 0.301961f, 0.47451f, 0);

        public int pixelWidth => targetTexture != null ? targetTexture.width : Screen.width;

        public int pixelHeight => targetTexture != null ? targetTexture.height : Screen.height;

        public float aspect { get => _aspect ?? (float)pixelWidth / pixelHeight; set => _aspect = value; }

        public static Camera main
        {
            get
            {
                foreach (Object candidate in PlayerLoop.Current.Objects)
                    if (candidate is Camera camera && camera.isActiveAndEnabled && camera.tag == "MainCamera") return camera;
                return null;
            }
        }

        public void ResetAspect() => _aspect = null;

        public void Render()
        {
            ThrowIfDestroyed();
            if (targetTexture != null) World.Gpu.Render(this);
        }
    }
}
