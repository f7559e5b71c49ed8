using System.Text.Json.Nodes;
using Dapper;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Hangfire;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Grace.Engine.Guardian;

/// <summary>
/// Brings pauses that last too long to a person's attention ("Don't: Pause indefinitely"). A paused pipeline itself holds
/// nothing: one look at an index every few minutes, by a recurring job, serves all of them.
/// </summary>
public sealed class GuardianWatch(NpgsqlDataSource database, Orchestrator orchestrator, GuardianOptions options, IRecurringJobManager recurring, TimeProvider clock) : IHostedService
{
    static readonly TimeSpan Short = TimeSpan.FromMinutes(20);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        recurring.AddOrUpdate<GuardianWatch>("long-pauses", watch => watch.EscalateLongPausesAsync(CancellationToken.None), options.PauseLimit < Short ? "* * * * *" : "*/5 * * * *");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Half of the limit reminds, all of it escalates.</summary>
    public async Task EscalateLongPausesAsync(CancellationToken cancel)
    {
        var limit = options.PauseLimit;
        foreach (var (id, version, paused) in await PausedSinceAsync(clock.GetUtcNow() - (limit / 2), cancel))
        {
            PipelineCommand command = clock.GetUtcNow() - paused >= limit
                ? new PipelineCommand.Escalate($"Paused for longer than {limit:d\\.hh\\:mm}; decide whether it goes on.", new JsonObject { ["paused_at_version"] = version })
                : new PipelineCommand.Remind($"Paused since {paused.UtcDateTime:yyyy-MM-dd HH:mm} UTC; after {limit:d\\.hh\\:mm} it waits for the Guardian.");
            try
            {
                await orchestrator.ExecuteAsync(id, command, new Origin("system"), version, cancel: cancel);
            }
            catch (Exception e) when (e is VersionMoved or PipelineRejected)
            {
                // Somebody decided meanwhile, which is all that was wanted.
            }
        }
    }

    async Task<IEnumerable<(string Id, long Version, DateTimeOffset Paused)>> PausedSinceAsync(DateTimeOffset before, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var rows = await connection.QueryAsync<(string Id, long Version, DateTime Since)>(new CommandDefinition(
            "select id, version, waiting_since from grace.pipelines where status = 'paused' and waiting_since < @before", new { before = before.UtcDateTime }, cancellationToken: cancel));
        return rows.Select(r => (r.Id, r.Version, new DateTimeOffset(DateTime.SpecifyKind(r.Since, DateTimeKind.Utc))));
    }
}
