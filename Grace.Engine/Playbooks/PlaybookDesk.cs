using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;
using Grace.Engine.Tools;

namespace Grace.Engine.Playbooks;

/// <summary>What one attempt works with: the playbooks in force for its pipeline, and what is known of their success.</summary>
/// <param name="trials">Those of the library that are candidates on trial.</param>
public sealed class PlaybookDesk(PlaybookLibrary library, IReadOnlyCollection<string> trials, PlaybookRun run, PlaybookRates rates)
{
    public PlaybookLibrary Library => library;

    public Task<PlaybookResult> RunAsync(Playbook playbook, JsonObject inputs, ToolContext tools, CancellationToken cancel) =>
        run.RunAsync(playbook, inputs, tools, library, cancel);

    public async Task<(Choice? Choice, string? WhyNone)> ChooseAsync(
        Phase phase, string? asked, string usual, JsonObject inputs, JsonObject context, CancellationToken cancel)
    {
        List<Playbook> offered = [.. library.For(phase)];
        // One that is no phase's own can be asked for as well.
        if (asked is not null && offered.All(p => p.Id != asked) && library.Find(asked) is { Phase: null } other)
            offered.Add(other);
        var known = asked is null && offered.Count > 1 ? await rates.ReadAsync([.. offered.Select(p => p.Id)], cancel) : new Dictionary<(string, int), PlaybookRate>();
        return PlaybookChoice.Of(offered, asked, usual, inputs, context, known);
    }

    /// <summary>One run as the log tells it, attributed to the exact version.</summary>
    public PlaybookOutcome Outcome(Playbook playbook, PlaybookResult result, string agent, JsonObject metadata)
    {
        metadata["content_hash"] = playbook.Hash.Length == 0 ? null : playbook.Hash;
        metadata["source"] = playbook.Source;
        if (trials.Contains(playbook.Id))
            metadata["trial"] = true;
        return new(playbook.Id, playbook.Version, agent, result.Error, result.Artifacts.Count, metadata);
    }
}
