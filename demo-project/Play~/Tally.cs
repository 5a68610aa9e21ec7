namespace Cortado.Demo.Play;

/// <summary>The score over the whole game: which items went the right way, and when what happened.</summary>
internal sealed class Tally
{
    private const int Window = 50;

    private readonly List<bool> _right = [];
    private readonly List<(int Item, string What)> _events = [];

    public Tally(Game game) => game.Sorted += (item, asked) => _right.Add(item.Side == (item.Label == 0 ? -1 : 1));

    /// <summary>Items sorted so far.</summary>
    public int Count => _right.Count;

    /// <summary>What happened, and how many items had been sorted then.</summary>
    public IReadOnlyList<(int Item, string What)> Events => _events;

    /// <summary>Notes that something happens now.</summary>
    public void Note(string what) => _events.Add((Count, what));

    /// <summary>The share of the last 50 items up to an item that went the right way.</summary>
    public float ScoreAt(int item)
    {
        int first = Math.Max(0, item - Window + 1), right = 0;
        for (int i = first; i <= item; i++)
            if (_right[i]) right++;
        return (float)right / (item - first + 1);
    }
}
