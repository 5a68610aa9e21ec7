namespace Cortado.Packaging.Metas;

/// <summary>How the engine is to treat a managed assembly.</summary>
internal static class PluginSettings
{
    /// <summary>
    /// Settings of a managed assembly: the editor and every platform, any processor. Our own assemblies are there for every script of the project;
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
