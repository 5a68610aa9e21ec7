namespace Cortado.Packaging.Metas;

/// <summary>The texture importer's settings that a picture in the demo needs; what is left out takes the engine's default.</summary>
internal static class TextureSettings
{
    /// <summary>Everything above the footer.</summary>
    public const string Text =
        "TextureImporter:\n  internalIDToNameTable: []\n  externalObjects: {}\n  serializedVersion: 13\n"
        + "  mipmaps:\n    mipMapMode: 0\n    enableMipMap: 1\n    sRGBTexture: 1\n    linearTexture: 0\n"
        + "  isReadable: 0\n  textureFormat: 1\n  maxTextureSize: 2048\n"
        + "  textureSettings:\n    serializedVersion: 2\n    filterMode: 1\n    aniso: 1\n    mipBias: 0\n    wrapU: 0\n    wrapV: 0\n    wrapW: 0\n"
        + "  nPOTScale: 1\n  compressionQuality: 50\n  alphaUsage: 1\n  textureType: 0\n  textureShape: 1\n"
        + "  platformSettings: []\n";
}
