using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Cortado.Unity.Editor")]
[assembly: InternalsVisibleTo("Cortado.Unity.Tests")]
