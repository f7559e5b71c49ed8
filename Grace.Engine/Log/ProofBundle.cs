using System.Text.Json;
using Npgsql;

namespace Grace.Engine.Log;

/// <summary>
/// One stream's proof, to be kept or checked elsewhere without a database: its events with all that their hashes cover,
/// the artifacts' contents (base64), and the signed roots that name it.
/// </summary>
public sealed record ProofBundle(
    string Format, string StreamId, IReadOnlyList<SealedEvent> Events, IReadOnlyDictionary<string, byte[]> Contents, IReadOnlyList<LogRoot> Roots, byte[] PublicKey)
{
    public const string CurrentFormat = "grace-proof/1";

    /// <summary>What is wrong with it; empty when it proves what it says. Needs nothing but the bundle.</summary>
    public IReadOnlyList<LogFault> Check()
    {
        List<LogFault> faults = [];
        if (Format != CurrentFormat)
            faults.Add(new("broken", StreamId, 0, null, $"The format is '{Format}'; this version reads {CurrentFormat}."));
        if (Events.Count == 0)
            faults.Add(new("removed", StreamId, 1, null, "The bundle has no events."));
        var chain = new ChainCheck(StreamId);
        foreach (var e in Events)
        {
            if (e.StreamId != StreamId)
                faults.Add(new("inserted", StreamId, e.Version, e.Position, $"Version {e.Version} is of the stream {e.StreamId}."));
            faults.AddRange(chain.Take(e));
            if (NamesContent(e) && JsonDocument.Parse(e.Data).RootElement.TryGetProperty("content_hash", out var hash))
                if (!Contents.TryGetValue(hash.GetString()!, out var bytes))
                    faults.Add(new("removed", StreamId, e.Version, e.Position, $"The content {hash} is not in the bundle."));
                else if (Content.Of(bytes).Hash != hash.GetString())
                    faults.Add(new("changed", StreamId, e.Version, e.Position, $"The content {hash} was changed."));
        }
        var known = Events.GroupBy(e => e.Version).ToDictionary(g => g.Key, g => g.First().Hash);
        foreach (var root in Roots)
        {
            if (!LogRoot.Compute(root.Number, root.Events, root.Heads, root.Previous).SequenceEqual(root.Root)
                || (root.KeyId == SigningKey.IdOf(PublicKey) && !SigningKey.Verify(PublicKey, root.Root, root.Signature)))
                faults.Add(new("changed", "(roots)", root.Number, null, $"Root {root.Number} is not what was signed."));
            else if (root.ReadHeads().TryGetValue(StreamId, out var head) && known.GetValueOrDefault(head.Version) != head.Hash)
                faults.Add(new("removed", StreamId, head.Version, null, $"Version {head.Version}, sealed in root {root.Number}, is not in the bundle as it was."));
        }
        return faults;
    }

    /// <summary>Whether the event names bytes that belong to the proof: in a pipeline's stream, or in an artifact's own.</summary>
    internal static bool NamesContent(SealedEvent e) => e.Type is "agent.artifact.created" or "artifact.created" or "playbook.published" or "playbook.candidate_proposed";
}

/// <summary>Writes proof bundles.</summary>
public sealed class ProofExport(NpgsqlDataSource database, ContentShelf shelf, SigningKey key)
{
    /// <exception cref="KeyNotFoundException">There is no such stream.</exception>
    public async Task<ProofBundle> ExportAsync(string streamId, CancellationToken cancel = default)
    {
        List<SealedEvent> events = [];
        await using (var command = database.CreateCommand($"select {SealedEvent.Columns} from {SealedEvent.Source} where stream_id = $1 order by version"))
        {
            command.Parameters.Add(new() { Value = streamId });
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                events.Add(SealedEvent.Read(reader));
        }
        if (events.Count == 0)
            throw new KeyNotFoundException($"There is no pipeline '{streamId}'.");
        var hashes = events.Where(ProofBundle.NamesContent).Select(e => JsonDocument.Parse(e.Data).RootElement.GetProperty("content_hash").GetString()!).Distinct().ToArray();
        List<LogRoot> roots = [];
        await using (var command = database.CreateCommand($"select {LogRoot.Columns} from grace.log_roots where position($1 in heads) > 0 order by number"))
        {
            command.Parameters.Add(new() { Value = JsonSerializer.Serialize(streamId) + ":" });
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                roots.Add(LogRoot.Read(reader));
        }
        return new(ProofBundle.CurrentFormat, streamId, events, await shelf.ReadManyAsync(hashes, cancel), roots, key.PublicKey);
    }
}
