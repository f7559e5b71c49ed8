namespace Grace.Engine.Failures;

/// <summary>One failure that happened once or many times, wherever it happened. A row for whoever stores it: its memory is bounded.</summary>
/// <param name="Id">"fc_" and 16 hex digits of the signature that founded it: the same failure has the same id everywhere.</param>
/// <param name="Signature">Of the first sighting. It never changes, so a cluster does not drift.</param>
/// <param name="Sample">The first message, at most 2000 characters.</param>
/// <param name="Pipelines">Ask <see cref="DistinctCount.Count"/>.</param>
/// <param name="Playbooks">As "id@version".</param>
/// <param name="Recent">The last pipelines that it was seen in, newest first, at most <see cref="MostRecent"/>.</param>
public sealed record Cluster(
    string Id, FailureSignature Signature, string Sample, int Count, DateTimeOffset First, DateTimeOffset Last, DistinctCount Pipelines,
    IReadOnlyList<Tally> Kinds, IReadOnlyList<Tally> Phases, IReadOnlyList<Tally> Playbooks, IReadOnlyList<Tally> Tools, IReadOnlyList<PipelineSighting> Recent)
{
    public const int MostRecent = 50;

    const int LongestSample = 2000;

    public static string IdOf(FailureSignature signature) => $"fc_{signature.Hash}";

    public static Cluster Founded(FailureSignature signature, FailureSighting first) => new Cluster(
        IdOf(signature), signature, Clipped(first.Message), 0, first.At, first.At, DistinctCount.None, [], [], [], [], []).With(first);

    public Cluster With(FailureSighting sighting) => this with
    {
        Count = Count + 1,
        First = sighting.At < First ? sighting.At : First,
        Last = sighting.At > Last ? sighting.At : Last,
        Pipelines = Pipelines.With(sighting.PipelineId),
        Kinds = Tally.Add(Kinds, sighting.Kind),
        Phases = Tally.Add(Phases, sighting.Phase),
        Playbooks = Tally.Add(Playbooks, sighting.PlaybookId is null ? null : $"{sighting.PlaybookId}@{sighting.PlaybookVersion?.ToString() ?? "?"}"),
        Tools = Tally.Add(Tools, sighting.Tool),
        Recent = [.. Recent.Where(r => r.PipelineId != sighting.PipelineId).Append(Seen(sighting))
            .OrderByDescending(r => r.At).ThenBy(r => r.PipelineId, StringComparer.Ordinal).Take(MostRecent)],
    };

    PipelineSighting Seen(FailureSighting s)
    {
        var before = Recent.FirstOrDefault(r => r.PipelineId == s.PipelineId);
        return before switch
        {
            null => new(s.PipelineId, s.Kind, s.Phase, s.PlaybookId, s.PlaybookVersion, s.Tool, s.At, s.At, 1),
            _ when s.At < before.At => before with { Times = before.Times + 1, Since = s.At < before.Since ? s.At : before.Since },
            _ => new(s.PipelineId, s.Kind, s.Phase, s.PlaybookId, s.PlaybookVersion, s.Tool, before.Since, s.At, before.Times + 1),
        };
    }

    static string Clipped(string message) =>
        message.Length <= LongestSample ? message : message[..(char.IsHighSurrogate(message[LongestSample - 1]) ? LongestSample - 1 : LongestSample)];
}
