using Cortado.Data;
using Cortado.Unity.Editor;
using Cortado.Unity.Tests.Runtime;
using UnityEngine;

namespace Cortado.Unity.Tests.Editor;

public sealed class TexturePixelsTests
{
    [Theory]
    [InlineData(ColorSpace.Linear, false)]
    [InlineData(ColorSpace.Linear, true)]
    [InlineData(ColorSpace.Gamma, false)]
    [InlineData(ColorSpace.Gamma, true)]
    public void ATextureIsReadAsItsFileHasItWhateverTheDeviceWasSetTo(ColorSpace space, bool encodes)
    {
        using var project = new EditorProject();
        project.Loop.Gpu.ColorSpace = space;
        GL.sRGBWrite = encodes;
        var texture = new Texture2D(16, 12);
        texture.SetPixels32(NoisePainter.Pixels(16, 12, 3));
        texture.Apply();
        Data.Image picture = TexturePixels.Read(texture).ToImage(ImageColor.Color);
        Assert.Equal(NoisePainter.Picture(16, 12, 3).Span.ToArray(), picture.Span.ToArray());
        Assert.Equal(encodes, GL.sRGBWrite);
    }
}
