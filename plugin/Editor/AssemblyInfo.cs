using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Cortado.Unity.Tests")]
[assembly: InternalsVisibleTo("Cortado.Unity.Editor.Tests")]
