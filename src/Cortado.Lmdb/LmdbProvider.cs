using Cortado.Data;
using Cortado.Formats;

namespace Cortado.Lmdb;

/// <summary>Opens the LMDB databases that a network's Data layers name.</summary>
public sealed class LmdbProvider : IRecordDatabaseProvider
{
    /// <inheritdoc/>
    public IRecordDatabase Open(string path, DataParameter.Types.DB backend)
    {
        // Caffe's default is LEVELDB; where the folder holds an LMDB all the same, say what to write.
        if (backend != DataParameter.Types.DB.Lmdb)
        {
            if (Directory.Exists(path) && File.Exists(Path.Combine(path, LmdbPath.DataFile)))
            {
                throw new CortadoException(
                    $"The Data layer asks for LevelDB (the default) but {path} is an LMDB. Write `backend: LMDB` into its data_param.");
            }

            throw LmdbPath.LevelDb(path);
        }

        return LmdbDatabase.Open(path);
    }
}
