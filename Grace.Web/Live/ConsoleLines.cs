namespace Grace.Web.Live;

/// <summary>The newest lines of a console, each with its number, never more than so many nor longer together than so much.</summary>
public sealed class ConsoleLines(int most = ConsoleLines.Most, int longest = ConsoleLines.Longest)
{
    public const int Most = 100_000;

    /// <summary>Characters.</summary>
    public const int Longest = 8_000_000;

    readonly List<string> lines = [];
    long length;

    /// <summary>Lines that were heard and are not kept any more.</summary>
    public long Dropped { get; private set; }

    public IReadOnlyList<string> Kept => lines;

    public long Heard => Dropped + lines.Count;

    public void Add(string line)
    {
        lines.Add(line);
        length += line.Length;
        if (lines.Count <= most && length <= longest)
            return;
        // Many at once, so that the rest is seldom moved.
        var (count, freed) = (0, 0L);
        while (count < lines.Count - 1 && (lines.Count - count > most - most / 100 || length - freed > longest - longest / 100))
            freed += lines[count++].Length;
        lines.RemoveRange(0, count);
        length -= freed;
        Dropped += count;
    }
}
