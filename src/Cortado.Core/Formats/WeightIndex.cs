using System.Globalization;
using Google.Protobuf;

namespace Cortado.Formats;

/// <summary>Walks over a NetParameter in a file and notes its layers and where their blobs lie.</summary>
internal sealed class WeightIndex
{
    /// <summary>A million layers or blobs is far beyond any network; damaged files can seem to have more.</summary>
    private const int Most = 1_000_000;

    private readonly WireFile _file;
    private readonly List<Entry> _current = new();
    private readonly List<Entry> _old = new();
    private int _blobCount;

    public WeightIndex(WireFile file)
    {
        _file = file;
        for (WireCursor field = file.Cursor(); field.Next();)
        {
            switch (field.Field)
            {
                case NetParameter.NameFieldNumber:
                    NetName = field.Text();
                    break;
                case NetParameter.LayerFieldNumber:
                    Add(_current, ReadLayer(field.Enter()));
                    break;
                case NetParameter.LayersFieldNumber:
                    Add(_old, ReadV1(field.Enter()));
                    break;
            }
        }

        Layers = Choose();
    }

    public string NetName { get; } = string.Empty;

    public IReadOnlyList<WeightLayer> Layers { get; }

    /// <summary>As Caffe's upgrade: any layer of the oldest form makes all old ones such; any old one makes it ignore the current ones.</summary>
    private List<WeightLayer> Choose()
    {
        List<Entry> chosen = _old.Count == 0 ? _current
            : _old.Any(e => e.V0 is not null) ? _old.Select(e => e.V0 ?? new Entry()).Where(e => e.Type != "padding").ToList()
            : _old;
        return chosen.Select(e => new WeightLayer(e.Name, e.Type, e.Blobs)).ToList();
    }

    private Entry ReadLayer(WireCursor layer)
    {
        var entry = new Entry();
        while (layer.Next())
        {
            switch (layer.Field)
            {
                case LayerParameter.NameFieldNumber:
                    entry.Name = layer.Text();
                    break;
                case LayerParameter.TypeFieldNumber:
                    entry.Type = layer.Text();
                    break;
                case LayerParameter.BlobsFieldNumber:
                    ReadBlob(layer, entry);
                    break;
            }
        }

        return entry;
    }

    private Entry ReadV1(WireCursor layer)
    {
        var entry = new Entry();
        while (layer.Next())
        {
            switch (layer.Field)
            {
                case V1LayerParameter.NameFieldNumber:
                    entry.Name = layer.Text();
                    break;
                case V1LayerParameter.TypeFieldNumber:
                    int type = (int)layer.Varint();
                    entry.Type = LegacyLayerTypes.FromV1((V1LayerParameter.Types.LayerType)type) ?? type.ToString(CultureInfo.InvariantCulture);
                    break;
                case V1LayerParameter.BlobsFieldNumber:
                    ReadBlob(layer, entry);
                    break;
                case V1LayerParameter.LayerFieldNumber:
                    ReadV0(layer.Enter(), entry.V0 ??= new Entry());
                    break;
            }
        }

        return entry;
    }

    private void ReadV0(WireCursor layer, Entry entry)
    {
        while (layer.Next())
        {
            switch (layer.Field)
            {
                case V0LayerParameter.NameFieldNumber:
                    entry.Name = layer.Text();
                    break;
                case V0LayerParameter.TypeFieldNumber:
                    string type = layer.Text();
                    V1LayerParameter.Types.LayerType? v1 = LegacyLayerTypes.FromV0(type);
                    entry.Type = v1 is null ? type : LegacyLayerTypes.FromV1(v1.Value) ?? type;
                    break;
                case V0LayerParameter.BlobsFieldNumber:
                    ReadBlob(layer, entry);
                    break;
            }
        }
    }

    private void ReadBlob(WireCursor field, Entry entry)
    {
        CheckCount(++_blobCount, "blobs", field.FieldStart);
        string name = FormattableString.Invariant($"blob {entry.Blobs.Count} of layer \"{entry.Name}\"");
        entry.Blobs.Add(new WeightBlob(_file, field.Enter(), name));
    }

    private void Add(List<Entry> entries, Entry entry)
    {
        entries.Add(entry);
        CheckCount(entries.Count, "layers", 0);
    }

    private void CheckCount(int count, string what, long offset)
    {
        if (count > Most)
        {
            throw _file.Corrupt(offset, FormattableString.Invariant($"more than {Most} {what}"));
        }
    }

    private sealed class Entry
    {
        public string Name { get; set; } = string.Empty;

        public string Type { get; set; } = string.Empty;

        public List<WeightBlob> Blobs { get; } = new();

        public Entry? V0 { get; set; }
    }
}
