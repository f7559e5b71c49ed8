using System.Text.Json.Nodes;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Hangfire;
using Marten;

namespace Grace.Engine.Guardian;

/// <summary>
/// Brings pauses that last too long to a person's attention ("Don't: Pause indefinitely"). Each pause gets two of Hangfire's
/// scheduled jobs: after half of the limit one that reminds, at its end one that escalates. The pipeline decides whether
/// they still have anything to do, so that neither a second job nor a late one does harm.
/// </summary>
public sealed class PauseDeadlines(EventLog log, Orchestrator orchestrator, GuardianOptions options, IBackgroundJobClient jobs) : LogFollower(log)
{
    public const string Name = "pauses";

    public static IEnumerable<Type> Wanted => [typeof(PipelineEvent.Paused)];

    protected override Task TakeAsync(IReadOnlyList<Recorded> events, IDocumentOperations operations, CancellationToken cancel)
    {
        foreach (var (id, at) in events.Select(e => (e.StreamId, e.At)))
        {
            jobs.Schedule<PauseDeadlines>(deadline => deadline.RemindAsync(id, at, CancellationToken.None), at + (options.PauseLimit / 2));
            jobs.Schedule<PauseDeadlines>(deadline => deadline.EscalateAsync(id, at, CancellationToken.None), at + options.PauseLimit);
        }
        return Task.CompletedTask;
    }

    /// <returns>What became of it.</returns>
    [JobDisplayName("Reminder of a pause · {0}")]
    public Task<string> RemindAsync(string pipelineId, DateTimeOffset paused, CancellationToken cancel) => DecideAsync(pipelineId, paused, _ =>
        new PipelineCommand.Remind($"Paused since {paused.UtcDateTime:yyyy-MM-dd HH:mm} UTC; after {options.PauseLimit:d\\.hh\\:mm} it waits for the Guardian."), cancel);

    /// <returns>What became of it.</returns>
    [JobDisplayName("End of a pause · {0}")]
    public Task<string> EscalateAsync(string pipelineId, DateTimeOffset paused, CancellationToken cancel) => DecideAsync(pipelineId, paused, state =>
        new PipelineCommand.Escalate($"Paused for longer than {options.PauseLimit:d\\.hh\\:mm}; decide whether it goes on.", new JsonObject { ["paused_at_version"] = state.Version }), cancel);

    async Task<string> DecideAsync(string pipelineId, DateTimeOffset paused, Func<Pipeline, PipelineCommand> command, CancellationToken cancel)
    {
        while (true)
        {
            var state = await orchestrator.LoadAsync(pipelineId, cancel: cancel);
            if (state.Status != PipelineStatus.Paused || state.PausedAt != paused)
                return "Superfluous: that pause is over.";
            try
            {
                return (await orchestrator.ExecuteAsync(pipelineId, command(state), new Origin("system"), state.Version, cancel: cancel)).Events.Count == 0 ? "Superfluous: it was said before." : "Done.";
            }
            catch (VersionMoved)
            {
                // Somebody wrote meanwhile, the reminder perhaps: whether the pause is over, the state says when it is read again.
            }
        }
    }
}
