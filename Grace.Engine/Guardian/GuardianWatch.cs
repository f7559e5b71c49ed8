using System.Text.Json.Nodes;
using Dapper;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Guardian;

/// <summary>
/// Brings pauses that last too long to a person's attention ("Don't: Pause indefinitely"). A paused pipeline itself holds
/// nothing: one look at an index every few minutes serves all of them.
/// </summary>
public sealed class GuardianWatch(
    NpgsqlDataSource database, Orchestrator orchestrator, GraceOptions options, TimeProvider clock, ILogger<GuardianWatch> logger) : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Quietly.Until(stoppingToken, WatchForever);

    async Task WatchForever(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await EscalateLongPausesAsync(stop);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                logger.LogWarning("Long pauses could not be looked for: {Error}. It is tried again.", e.Message);
            }
            await Task.Delay(options.Guardian.PauseLimit < Every ? options.Guardian.PauseLimit : Every, clock, stop);
        }
    }

    public async Task EscalateLongPausesAsync(CancellationToken cancel)
    {
        var before = clock.GetUtcNow() - options.Guardian.PauseLimit;
        await using var connection = await database.OpenConnectionAsync(cancel);
        var paused = await connection.QueryAsync<(string Id, long Version)>(new CommandDefinition(
            "select id, version from grace.pipelines where status = 'paused' and updated_at < @before", new { before = before.UtcDateTime }, cancellationToken: cancel));
        foreach (var (id, version) in paused)
        {
            try
            {
                var reason = $"Paused for longer than {options.Guardian.PauseLimit:d\\.hh\\:mm}; decide whether it goes on.";
                await orchestrator.ExecuteAsync(id, new PipelineCommand.Escalate(reason, new JsonObject { ["paused_at_version"] = version }), new Origin("system"), version, cancel: cancel);
            }
            catch (Exception e) when (e is VersionMoved or PipelineRejected)
            {
                // Somebody decided meanwhile, which is all that was wanted.
            }
        }
    }
}
