using System.Text;
using Cortado.Formats;

namespace Cortado.Data;

/// <summary>
/// What a Data layer reads: the Datum records of a database in key order, over and over. The first record decides the size of
/// the items.
/// </summary>
public sealed class DatabaseBatchSource : IBatchSource
{
    private readonly IRecordDatabase _database;
    private readonly Prefetcher _prefetcher;

    /// <summary>Creates the source.</summary>
    /// <param name="database">The database; the source disposes it.</param>
    /// <param name="transformer">Makes items of records.</param>
    /// <param name="batchSize">Items in a batch.</param>
    /// <param name="options">How to work ahead.</param>
    /// <exception cref="CortadoException">The database is empty or its first record cannot be used.</exception>
    public DatabaseBatchSource(IRecordDatabase database, DataTransformer transformer, int batchSize, BatchSourceOptions? options = null)
        : this(database, transformer, batchSize, options ?? new BatchSourceOptions(), 0)
    {
    }

    private DatabaseBatchSource(IRecordDatabase database, DataTransformer transformer, int batchSize, BatchSourceOptions options, uint prefetch)
    {
        if (batchSize <= 0) throw new CortadoException(FormattableString.Invariant($"A batch_size of {batchSize} was found; at least 1 is expected."));
        _database = database;
        BatchSize = batchSize;
        using (var reader = new RecordReader(database, transformer)) (Channels, Height, Width) = reader.FirstSize();
        _prefetcher = new Prefetcher(() => new RecordReader(database, transformer), batchSize, (Channels, Height, Width), options.ThreadCount, options.BatchCount(prefetch));
    }

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int BatchSize { get; }

    /// <inheritdoc/>
    public bool HasLabels => true;

    /// <summary>Records in the database: an epoch.</summary>
    public long RecordCount => _database.Count;

    /// <inheritdoc/>
    public long Position => _prefetcher.Position;

    /// <summary>Opens what a layer's data_param names.</summary>
    /// <param name="parameter">The layer's data_param.</param>
    /// <param name="transformer">Makes items of records.</param>
    /// <param name="provider">Opens databases.</param>
    /// <param name="paths">Finds the database.</param>
    /// <param name="options">How to work ahead.</param>
    /// <exception cref="CortadoException">The database cannot be found or used.</exception>
    public static DatabaseBatchSource Open(
        DataParameter parameter, DataTransformer transformer, IRecordDatabaseProvider provider, PathResolver paths, BatchSourceOptions? options = null)
    {
        if (parameter.BatchSize is 0 or > int.MaxValue)
            throw new CortadoException(FormattableString.Invariant($"data_param: batch_size is {parameter.BatchSize}; at least 1 is expected."));
        IRecordDatabase database = Open(provider, parameter, paths);
        try
        {
            return new DatabaseBatchSource(
                database, transformer, (int)parameter.BatchSize, options ?? new BatchSourceOptions(), parameter.HasPrefetch ? parameter.Prefetch : 0);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static IRecordDatabase Open(IRecordDatabaseProvider provider, DataParameter parameter, PathResolver paths)
    {
        try
        {
            return provider.Open(paths.Resolve(parameter.Source), parameter.Backend);
        }
        catch (CortadoException)
        {
            // Whether a name must be a file is the provider's affair; where it is, an error shows every place that was looked at.
            paths.Existing(parameter.Source, "database");
            throw;
        }
    }

    /// <inheritdoc/>
    public Batch Next() => _prefetcher.Next();

    /// <inheritdoc/>
    public void Seek(long position) => _prefetcher.Seek(position);

    /// <inheritdoc/>
    public void Dispose()
    {
        _prefetcher.Dispose();
        _database.Dispose();
    }

    private sealed class RecordReader : ItemReader
    {
        private readonly IRecordDatabase _database;
        private readonly IRecordCursor _cursor;
        private readonly DataTransformer _transformer;
        private readonly DatumPixels _pixels = new();
        private readonly long _count;
        private long _at = -1;

        public RecordReader(IRecordDatabase database, DataTransformer transformer)
        {
            _database = database;
            _transformer = transformer;
            _count = database.Count;
            if (_count <= 0) throw new CortadoException($"The database {database.Path} is empty: it holds no records to read.");
            _cursor = database.OpenCursor();
        }

        public (int Channels, int Height, int Width) FirstSize()
        {
            GoTo(0);
            try
            {
                return Decode(_cursor.Value).Size;
            }
            catch (CortadoException e)
            {
                throw WithRecord(e);
            }
        }

        public override void Read(long record, Batch batch, int item)
        {
            GoTo(record % _count);
            batch.SetKey(item, _cursor.Key);
            ReadOnlySpan<byte> value = _cursor.Value;
            try
            {
                (DatumView datum, (int Channels, int Height, int Width) size) = Decode(value);
                _pixels.Transform(datum, _transformer, record, Place(batch, item, size));
                batch.Labels[item] = datum.Label;
            }
            catch (CortadoException e)
            {
                throw WithRecord(e);
            }
        }

        public override void Dispose() => _cursor.Dispose();

        private Decoded Decode(ReadOnlySpan<byte> value)
        {
            var datum = new DatumView(value);
            _pixels.Decode(datum, _transformer.Color);
            return new Decoded(datum, _transformer.OutputSize(_pixels.Channels, _pixels.Height, _pixels.Width));
        }

        private void GoTo(long index)
        {
            if (index < _at || _at < 0)
            {
                if (!_cursor.MoveToFirst()) throw Fewer(0);
                _at = 0;
            }

            for (; _at < index; _at++)
                if (!_cursor.MoveNext()) throw Fewer(_at + 1);
        }

        private CortadoException Fewer(long found)
        {
            _at = -1;
            return new CortadoException(FormattableString.Invariant(
                $"The database {_database.Path} is broken: it says it has {_count} records but ends after {found}."));
        }

        private CortadoException WithRecord(CortadoException e) =>
            new($"{_database.Path}, record '{Encoding.UTF8.GetString(_cursor.Key)}': {e.Message}.", e);

        private readonly ref struct Decoded
        {
            public Decoded(DatumView datum, (int Channels, int Height, int Width) size)
            {
                Datum = datum;
                Size = size;
            }

            public DatumView Datum { get; }

            public (int Channels, int Height, int Width) Size { get; }

            public void Deconstruct(out DatumView datum, out (int Channels, int Height, int Width) size)
            {
                datum = Datum;
                size = Size;
            }
        }
    }
}
