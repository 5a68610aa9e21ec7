using Cortado.Formats;

namespace Cortado.Data;

/// <summary>Opens the databases that a network names. The core itself has none; Cortado.Lmdb brings one.</summary>
public interface IRecordDatabaseProvider
{
    /// <summary>Opens a database for reading.</summary>
    /// <param name="path">Where it lies: its folder, or its file.</param>
    /// <param name="backend">The kind that the network asks for.</param>
    /// <exception cref="CortadoException">There is no such database, it is of a kind that cannot be read, or it is broken.</exception>
    IRecordDatabase Open(string path, DataParameter.Types.DB backend);
}
