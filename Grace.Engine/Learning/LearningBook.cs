using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Failures;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Npgsql;

namespace Grace.Engine.Learning;

/// <summary>What an event meant to the learning loop.</summary>
/// <param name="Cluster">The cluster that a failure joined.</param>
/// <param name="Looks">Looks at trials that its decision made due.</param>
public sealed record Noticed(Cluster? Cluster = null, IReadOnlyList<DueLook>? Looks = null);

public sealed record DueLook(string PlaybookId, int Version, TrialLook Look);

/// <summary>
/// The learning loop's read side: runs and rates, failures and clusters, trials and missions, all from the log alone. Each
/// event is taken in one transaction; one that was taken already changes nothing.
/// </summary>
public sealed class LearningBook(NpgsqlDataSource database, EventLog log, LearningOptions options)
{
    /// <summary>The agent whose runs are fixes, which no phase decides.</summary>
    public const string Recovering = "recovery_agent";
    /// <summary>Further than this apart, two events of a stream are not of one transaction.</summary>
    const int MostSiblings = 40;

    bool _renewed;

    static readonly HashSet<string> Wanted =
    [
        .. Sightings.Kinds, "playbook.executed", "agent.phase.completed", "agent.recovery.succeeded",
        "playbook.candidate_proposed", "playbook.trial_started", "playbook.promoted", "playbook.rolled_back",
        "learning.mission.launched", "learning.mission.gathered", "learning.mission.proposed", "learning.mission.approved", "learning.mission.concluded",
    ];

    public static IEnumerable<Type> WantedTypes =>
        PipelineEvents.WireNames.Concat(PlaybookEvents.WireNames).Concat(MissionEvents.WireNames).Where(e => Wanted.Contains(e.Name)).Select(e => e.Type);

    public static bool Wants(Recorded e) => Wanted.Contains(e.Type);

    public async Task<Noticed> TakeAsync(Recorded e, CancellationToken cancel)
    {
        if (MissionEvents.Knows(e.Type))
        {
            await MissionAsync(e, cancel);
            return new();
        }
        if (PlaybookEvents.Knows(e.Type))
        {
            await TrialAsync(e, cancel);
            return new();
        }
        var data = JsonNode.Parse(e.Data)!.AsObject();
        var phase = Phase(data);
        return e.Type switch
        {
            "playbook.executed" => await RunAsync(e, data, cancel),
            "playbook.failed" => await RunAsync(e, data, cancel) with { Cluster = await SightAsync(e, cancel) },
            "agent.phase.completed" or "agent.recovery.succeeded" => new(Looks: await DecideAsync(e, phase, true, cancel)),
            "agent.phase.failed" or "agent.tests.failed" or "agent.recovery.failed" => new(await SightAsync(e, cancel), await DecideAsync(e, phase, false, cancel)),
            _ => new(await SightAsync(e, cancel)),
        };
    }

    /// <summary>Runs and what proves them, which most of the log's events are.</summary>
    public static bool IsPlain(Recorded e) => e.Type is "playbook.executed" or "agent.phase.completed" or "agent.recovery.succeeded";

    /// <summary>Takes plain events in one transaction. Only while no trial runs: each decision on one may be followed by a look at it.</summary>
    public async Task TakePlainAsync(IEnumerable<Recorded> events, CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
        foreach (var e in events)
        {
            var data = JsonNode.Parse(e.Data)!.AsObject();
            batch.BatchCommands.Add(e.Type == "playbook.executed" ? Run(e, data) : Decision(e, Phase(data), true));
        }
        await batch.ExecuteNonQueryAsync(cancel);
    }

    public async Task<bool> IsTrialRunningAsync(CancellationToken cancel)
    {
        await using var command = Command("select exists (select from grace.trials where status = 'running')");
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    async Task<Noticed> RunAsync(Recorded e, JsonObject data, CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Run(e, data));
        await batch.ExecuteNonQueryAsync(cancel);
        return new(Looks: e.Type == "playbook.failed" ? await LookAsync([data["playbook_id"]!.ToString()], cancel) : []);
    }

    static NpgsqlBatchCommand Run(Recorded e, JsonObject data)
    {
        var failed = e.Type == "playbook.failed";
        var metadata = data["metadata"] as JsonObject ?? [];
        var error = data["error"]?.ToString();
        return LearningSql.Of(LearningSql.Run, e.Position, e.StreamId, data["playbook_id"]!.ToString(), data["playbook_version"]!.GetValue<int>(), Phase(data),
            data["agent"]?.ToString() == Recovering, metadata["trial"]?.GetValue<bool>() ?? false, !failed, failed ? false : null, Seconds(metadata["execution_time"]), e.At,
            error is { Length: > 1000 } ? error[..1000] : error);
    }

    /// <summary>What an event says of its phase's runs. A completed phase proves itself, and a passed test what implement wrote; implement alone proves nothing where tests follow.</summary>
    static NpgsqlBatchCommand Decision(Recorded e, string phase, bool good)
    {
        var recovery = e.Type.StartsWith("agent.recovery.", StringComparison.Ordinal);
        var completed = e.Type == "agent.phase.completed";
        string[] phases = e.Type == "agent.tests.failed" ? ["implement"] : completed && phase == "test" ? ["implement", "test"] : [phase];
        return LearningSql.Of(LearningSql.Decide, e.StreamId, phases, good, recovery, e.Position, completed && phase == "implement");
    }

    async Task<IReadOnlyList<DueLook>> DecideAsync(Recorded e, string phase, bool good, CancellationToken cancel)
    {
        List<string> decided = [];
        await using (var batch = database.CreateBatch())
        {
            batch.BatchCommands.Add(Decision(e, phase, good));
            await using var reader = await batch.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                decided.Add(reader.GetString(0));
        }
        return await LookAsync(decided, cancel);
    }

    /// <summary>Looks at the running trials of these playbooks, where enough pipelines are decided for the next look.</summary>
    async Task<IReadOnlyList<DueLook>> LookAsync(IReadOnlyList<string> playbooks, CancellationToken cancel)
    {
        List<DueLook> looks = [];
        foreach (var id in playbooks.Distinct())
        {
            if (await RunningTrialAsync(id, cancel) is not { } trial || !TrialRule.IsDue(trial.Candidate, trial.Control, trial.Looks))
                continue;
            var look = TrialRule.Look(trial.Candidate, trial.Control, trial.Looks, options.Significance);
            await Execute(LearningSql.LookTrial, cancel, id, trial.Version, trial.Looks + 1, look.Evidence.ToJsonString());
            looks.Add(new(id, trial.Version, look));
        }
        return looks;
    }

    /// <summary>The trial under way with what both sides have so far: of the version in force only what came since it began, unless nobody uses it any more.</summary>
    public async Task<(int Version, PlaybookRate Candidate, PlaybookRate Control, int Looks)?> RunningTrialAsync(string playbookId, CancellationToken cancel)
    {
        await using var command = Command(LearningSql.RunningTrial, playbookId);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel))
            return null;
        var (all, share) = (new PlaybookRate(reader.GetInt64(7), reader.GetInt64(8)), reader.GetDouble(2));
        var before = new PlaybookRate(reader.GetInt64(9), reader.GetInt64(10));
        return (reader.GetInt32(0), new(reader.GetInt64(5), reader.GetInt64(6)), share >= 1 ? before : new(all.Runs - before.Runs, all.Successes - before.Successes), reader.GetInt32(4));
    }

    async Task<Cluster?> SightAsync(Recorded e, CancellationToken cancel)
    {
        var near = await log.ReadStreamAsync(e.StreamId, Math.Max(0, e.Version - MostSiblings), 2 * MostSiblings, cancel);
        if (Sightings.Of(e, [.. near.Where(s => s.Transaction == e.Transaction)]) is not { } sighting)
            return null;
        if (!_renewed)
            await RenewedClusters.RenewAsync(database, cancel);
        _renewed = true;
        var signature = FailureSignature.Of(sighting).Alone($"{e.Position}");
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await IsTaken(connection, e.Position, cancel) is { } taken)
            return taken;
        var cluster = Triage.Match(signature, await Lessons.CandidatesAsync(connection, signature, cancel))?.With(sighting) ?? Cluster.Founded(signature, sighting);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                LearningSql.Of(LearningSql.PutCluster, cluster.Id, cluster.Signature.Title, (long)cluster.Count, (long)cluster.Pipelines.Count(), cluster.First, cluster.Last,
                    cluster.Signature.Keys.ToArray(), JsonSerializer.Serialize(cluster, Wire.Json)),
                LearningSql.Of(LearningSql.PutSighting, e.Position, cluster.Id, sighting.PipelineId, sighting.Kind, sighting.Phase, sighting.PlaybookId, sighting.PlaybookVersion, sighting.At, sighting.Message),
            },
        };
        await batch.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return cluster;
    }

    static async Task<Cluster?> IsTaken(NpgsqlConnection connection, long position, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select c.body::text from grace.failure_sightings s join grace.failure_clusters c on c.id = s.cluster_id where s.position = $1", connection);
        command.Parameters.Add(new() { Value = position });
        return await command.ExecuteScalarAsync(cancel) is string body ? JsonSerializer.Deserialize<Cluster>(body, Wire.Json) : null;
    }

    async Task TrialAsync(Recorded e, CancellationToken cancel)
    {
        switch (PlaybookEvents.Read(e.Type, e.Data))
        {
            case PlaybookEvent.CandidateProposed proposed:
                await Execute(LearningSql.ProposeTrial, cancel, proposed.PlaybookId, proposed.PlaybookVersion, proposed.BaseVersion, proposed.Share, proposed.MissionId, e.At);
                break;
            case PlaybookEvent.TrialStarted started:
                await Execute(LearningSql.StartTrial, cancel, started.PlaybookId, started.PlaybookVersion, started.Share, e.At);
                break;
            case PlaybookEvent.Promoted promoted:
                await Execute(LearningSql.EndTrial, cancel, promoted.PlaybookId, promoted.PlaybookVersion, "promoted", promoted.Evidence?.ToJsonString());
                break;
            case PlaybookEvent.RolledBack back:
                await Execute(LearningSql.EndTrial, cancel, back.PlaybookId, back.PlaybookVersion, "rolled_back", back.Evidence?.ToJsonString());
                break;
        }
    }

    async Task MissionAsync(Recorded e, CancellationToken cancel)
    {
        var mission = Mission.Fold(e.StreamId, (await log.ReadStreamAsync(e.StreamId, 0, (int)e.Version, cancel)).Select(r => (MissionEvents.Read(r.Type, r.Data), r.At, r.By)));
        if (mission.Task is not { } task)
            return;
        var cluster = await ClusterAsync(task, cancel);
        await Execute(LearningSql.PutMission, cancel, mission.Id, cluster, Mission.Words(mission.Status), mission.Conclusion?.Outcome, task.PlaybookId, mission.LaunchedAt, mission.ConcludedAt, mission.Version);
        if (mission is { Conclusion.Outcome: "learnt", Proposal: { Fix: { } fix } lesson })
            await Execute(LearningSql.PutLesson, cancel, mission.Id, cluster, lesson.Lesson, fix, lesson.Context?.ToJsonString());
    }

    /// <summary>The mission's cluster. Where the log is read again under other rules there is none of that id, and its sample says which it is.</summary>
    async Task<string> ClusterAsync(MissionEvent.Launched task, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand("select exists (select from grace.failure_clusters where id = $1)", connection) { Parameters = { new() { Value = task.ClusterId } } };
        if ((bool)(await command.ExecuteScalarAsync(cancel))!)
            return task.ClusterId;
        var signature = FailureSignature.Of(task.Sample);
        return Triage.Match(signature, await Lessons.CandidatesAsync(connection, signature, cancel))?.Id ?? task.ClusterId;
    }

    /// <summary>How many missions a cluster had, and when the last one was concluded; null while it is open.</summary>
    public async Task<(int Count, (string Id, DateTimeOffset? ConcludedAt)? Last)> LastMissionAsync(string clusterId, CancellationToken cancel)
    {
        await using var command = Command("select id, concluded_at, count(*) over () from grace.missions where cluster_id = $1 order by launched_at desc limit 1", clusterId);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? ((int)reader.GetInt64(2), (reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1)))
            : (0, null);
    }

    static string Phase(JsonObject data) => data["phase"]?.ToString() ?? "";

    static double Seconds(JsonNode? node) => Pipelines.ContextRules.Number(node) ?? 0;

    async Task Execute(string sql, CancellationToken cancel, params object?[] given)
    {
        await using var command = Command(sql, given);
        await command.ExecuteNonQueryAsync(cancel);
    }

    NpgsqlCommand Command(string sql, params object?[] given)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in given)
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        return command;
    }
}
