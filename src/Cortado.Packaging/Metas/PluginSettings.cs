namespace Cortado.Packaging.Metas;

/// <summary>How the engine is to treat a managed assembly.</summary>
internal static class PluginSettings
{
    /// <summary>
    /// Settings of a managed assembly: the editor and every platform but WebGL, which has neither threads nor a disk; any processor. Our own assemblies are there for every script of the project;
    /// third-party ones only for assemblies that name them, so that they cannot come between a project and its own copy.
    /// </summary>
    public static string For(string fileName)
    {
        int explicitOnly = fileName.StartsWith("Cortado.", StringComparison.Ordinal)
            && !fileName.StartsWith("Cortado.ThirdParty.", StringComparison.Ordinal) ? 0 : 1;
        return $$"""
            PluginImporter:
              externalObjects: {}
              serializedVersion: 2
              iconMap: {}
              executionOrder: {}
              defineConstraints: []
              isPreloaded: 0
              isOverridable: 0
              isExplicitlyReferenced: {{explicitOnly}}
              validateReferences: 1
              platformData:
              - first:
                  : Any
                second:
                  enabled: 0
                  settings:
                    Exclude Android: 0
                    Exclude Editor: 0
                    Exclude Linux64: 0
                    Exclude OSXUniversal: 0
                    Exclude WebGL: 1
                    Exclude Win: 0
                    Exclude Win64: 0
                    Exclude WindowsStoreApps: 0
                    Exclude iOS: 0
              - first:
                  Any: 
                second:
                  enabled: 1
                  settings: {}
              - first:
                  Editor: Editor
                second:
                  enabled: 0
                  settings:
                    CPU: AnyCPU
                    DefaultValueInitialized: true
                    OS: AnyOS
              - first:
                  WebGL: WebGL
                second:
                  enabled: 0
                  settings: {}
              - first:
                  Windows Store Apps: WindowsStoreApps
                second:
                  enabled: 0
                  settings:
                    CPU: AnyCPU
              userData: 
              assetBundleName: 
              assetBundleVariant: 

            """.ReplaceLineEndings("\n");
    }
}
