namespace Cortado.Data;

/// <summary>A read-only database of key/value records in key order, such as an LMDB of Caffe's.</summary>
/// <remarks>Several cursors may be open at once and be used by different threads, each by one thread at a time.</remarks>
public interface IRecordDatabase : IDisposable
{
    /// <summary>Where the database lies, for messages.</summary>
    string Path { get; }

    /// <summary>The number of records.</summary>
    long Count { get; }

    /// <summary>Opens a cursor, standing before the first record.</summary>
    IRecordCursor OpenCursor();
}

/// <summary>A position in a database. <see cref="Key"/> and <see cref="Value"/> are valid until the next move or <see cref="IDisposable.Dispose"/>.</summary>
public interface IRecordCursor : IDisposable
{
    /// <summary>Goes to the record with the smallest key.</summary>
    /// <returns>False where the database is empty.</returns>
    bool MoveToFirst();

    /// <summary>Goes to the next record in key order; from before the first to the first.</summary>
    /// <returns>False at the end.</returns>
    bool MoveNext();

    /// <summary>Goes to the first record whose key is equal to or greater than <paramref name="key"/>.</summary>
    /// <returns>False where there is none.</returns>
    bool Seek(ReadOnlySpan<byte> key);

    /// <summary>The key of the record that the cursor stands on.</summary>
    ReadOnlySpan<byte> Key { get; }

    /// <summary>The value of the record that the cursor stands on.</summary>
    ReadOnlySpan<byte> Value { get; }
}

/// <summary>Writes records into a database.</summary>
public interface IRecordWriter : IDisposable
{
    /// <summary>Adds a record, or replaces the one with the same key. Keys may come in any order; ascending order is fastest and takes the least memory.</summary>
    void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>Makes everything put so far durable and visible, all at once. What is not committed is lost on <see cref="IDisposable.Dispose"/>.</summary>
    void Commit();
}
