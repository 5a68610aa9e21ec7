using UnityEngine;

namespace UnityDoubles
{
    /// <summary>Stands in for the render pipeline: draws what a camera sees.</summary>
    public interface ICameraRenderer
    {
        /// <summary>Fills the target (<see cref="RenderTexture.Write"/>); row 0 is the lowest.</summary>
        void Render(Camera camera, RenderTexture target);
    }
}
