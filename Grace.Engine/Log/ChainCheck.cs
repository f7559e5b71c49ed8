namespace Grace.Engine.Log;

/// <summary>One thing wrong with the log, by the event it shows at.</summary>
/// <param name="Kind">changed, removed, inserted or broken.</param>
public sealed record LogFault(string Kind, string StreamId, long Version, long? Position, string Detail);

/// <summary>Follows one stream's chain event by event: pure.</summary>
public sealed class ChainCheck(string streamId)
{
    public static readonly string Genesis = new('0', 64);

    string previous = Genesis;
    long version;

    public long Version => version;

    public string Head => previous;

    /// <summary>What is wrong at this event; it goes on from the event as it stands, so that one fault is told once.</summary>
    public IEnumerable<LogFault> Take(SealedEvent e)
    {
        if (e.Version != version + 1)
            yield return new(
                "removed", streamId, version + 1, null,
                e.Version == version + 2 ? $"Version {version + 1} is missing." : $"Versions {version + 1} to {e.Version - 1} are missing.");
        else if (e.PrevHash != previous)
            yield return new("inserted", streamId, e.Version, e.Position, $"Version {e.Version} ({e.Type}) does not continue the chain.");
        if (e.ComputeHash() != e.Hash)
            yield return new("changed", streamId, e.Version, e.Position, $"Version {e.Version} ({e.Type}) does not have the hash it was recorded with.");
        (previous, version) = (e.Hash, e.Version);
    }
}
