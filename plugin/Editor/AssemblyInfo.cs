using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Cortado.Unity.Tests")]
