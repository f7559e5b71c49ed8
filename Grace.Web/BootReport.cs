using Dapper;
using Grace.Engine;
using Grace.Engine.Guardian;
using Grace.Engine.Jobs;
using Grace.Engine.Knowledge;
using Grace.Engine.Log;
using Grace.Engine.Phases;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Engine.Postgres;
using Grace.Engine.Tools;
using Marten.Events.Daemon.Coordination;
using Npgsql;

namespace Grace.Web;

/// <summary>The specification's boot lines; each is printed as [OK] only when its check holds, and as [--] with the reason when not.</summary>
static class BootReport
{
    public static async Task<IReadOnlyList<string>> LinesAsync(IServiceProvider services, IReadOnlyCollection<string> roles)
    {
        var options = services.GetRequiredService<GraceOptions>();
        var database = services.GetRequiredService<Database>();
        await using var connection = await database.Source.OpenConnectionAsync();
        var worker = roles.Contains("worker");
        var runs = services.GetService<JobServer>()?.Runs == true;
        var slots = await connection.ExecuteScalarAsync<int>("select count(*)::int from grace.slots where enabled");
        var agents = services.GetServices<PhaseAgent>().ToDictionary(a => a.Phase);
        var library = services.GetRequiredService<PlaybookRegistry>().Now.InForce;
        var tools = services.GetRequiredService<ToolBox>();
        var missing = library.All.SelectMany(p => p.Steps).Select(s => s.Tool).OfType<string>().Where(t => tools.Find(t) is null).Distinct().ToList();
        await services.GetRequiredService<LogTail>().Ready.WaitAsync(TimeSpan.FromSeconds(10));
        var learning = worker
            ? await FollowsTheLog(services, connection)
            : await IsFollowed(connection);
        return
        [
            "[CHUNK 0.75] Tiered Agent Orchestrator...",
            Line(!worker || runs, "Agent Orchestrator: Online", worker ? "no job server runs" : ""),
            Line(worker ? slots == options.Orchestrator.MaxConcurrentPipelines : slots > 0, $"Max concurrent pipelines: {slots}", worker ? $"{slots} slots for a limit of {options.Orchestrator.MaxConcurrentPipelines}" : "no worker has made slots yet"),
            Line(PhaseOrder.All.All(agents.ContainsKey), $"Pipeline phases: {string.Join(" → ", PhaseOrder.All.Where(agents.ContainsKey).Select(p => p.Name()))}", "a phase has no agent"),
            Line(new[] { "pause", "resume", "override" }.All(GuardianPolicy.Actions.Contains) && services.GetService<GuardianControl>() is not null, "Guardian oversight: Active (pause/resume/override)", ""),
            Line(missing.Count == 0 && PhaseOrder.All.All(p => library.For(p).Any()), "Playbooks: First-class agent tools", $"tools are missing: {string.Join(", ", missing)}"),
            Line(learning, "Learning loop: Artifact feedback enabled", "the knowledge base does not follow the log"),
            Line(database.LeastPrivilege, "Immutable log: append-only by privilege and trigger", "by trigger only: the database role may not create roles"),
        ];
    }

    /// <summary>By this node, or by another that leads: one at a time does it.</summary>
    static async Task<bool> FollowsTheLog(IServiceProvider services, NpgsqlConnection connection)
    {
        await services.GetRequiredService<KnowledgeUpkeep>().Indexed.WaitAsync(TimeSpan.FromSeconds(30));
        try
        {
            await services.GetRequiredService<IProjectionCoordinator>().DaemonForMainDatabase().WaitForShardToBeRunning(LogFollower.Progress(KnowledgeFollower.Name), TimeSpan.FromSeconds(3));
            return true;
        }
        catch (TimeoutException)
        {
            return await IsFollowed(connection);
        }
    }

    /// <summary>Some node follows, or has.</summary>
    static Task<bool> IsFollowed(NpgsqlConnection connection) =>
        connection.ExecuteScalarAsync<bool>("select exists (select from grace.mt_event_progression where name = @Progress)", new { Progress = LogFollower.Progress(KnowledgeFollower.Name) });

    static string Line(bool holds, string text, string problem) => holds ? $"  [OK] {text}" : $"  [--] {text.Split(':')[0]}: {problem}";
}
