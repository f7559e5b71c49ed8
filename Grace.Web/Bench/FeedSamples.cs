using System.Diagnostics;

namespace Grace.Web.Bench;

/// <summary>How long events took to each client, and what went wrong.</summary>
sealed class FeedSamples
{
    readonly List<long> ticks = [];
    bool sorted;

    public int Count => ticks.Count;

    public int Lost { get; private set; }

    public int OutOfOrder { get; private set; }

    /// <summary>Takes in what <see cref="FeedClients"/> left.</summary>
    /// <param name="sent">When each event was sent or committed.</param>
    /// <param name="warm">How many events at the beginning are looked at for loss and order only.</param>
    public void Add(string file, long[] sent, int clients, int warm)
    {
        sorted = false;
        using var from = new BinaryReader(File.OpenRead(file));
        for (var client = 0; client < clients; client++)
        {
            OutOfOrder += from.ReadInt32();
            for (var n = 0; n < sent.Length; n++)
                if (from.ReadInt64() is var at && at == 0)
                    Lost++;
                else if (n >= warm)
                    // A client may have it before the writer is told that it is committed.
                    ticks.Add(Math.Max(0, at - sent[n]));
        }
    }

    /// <param name="share">0.99 for the 99th percentile.</param>
    public TimeSpan At(double share)
    {
        if (!sorted)
            ticks.Sort();
        sorted = true;
        return ticks.Count == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, ticks[(int)Math.Min(ticks.Count - 1, Math.Ceiling(share * ticks.Count) - 1)]);
    }
}
