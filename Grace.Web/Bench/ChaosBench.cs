using System.Diagnostics;
using Dapper;
using Grace.Engine.Deployments;
using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Postgres;
using Grace.Engine.Workspaces;
using Npgsql;

namespace Grace.Web.Bench;

/// <param name="Kills">Nodes killed; freezes, kills of PostgreSQL and full disks come on top.</param>
/// <param name="Whole">Of the pipelines, how many run all five phases.</param>
/// <param name="Language">What those write their service in; how long a phase takes depends on it.</param>
sealed record ChaosPlan(int Kills, int Pipelines, int Whole, string Language, int Seed);

/// <summary>
/// Two real serving nodes on one database under a load of pipelines and Guardian commands, while nodes are killed and frozen,
/// PostgreSQL is killed and a disk is full. Afterwards the log must tell of everything that was accepted, once.
/// </summary>
sealed class ChaosBench(ChaosPlan plan, string ownerConnection, DataFolder data, Action<string> say)
{
    const int Limit = 2;
    static readonly TimeSpan Frozen = TimeSpan.FromSeconds(9);
    static readonly TimeSpan Standstill = TimeSpan.FromMinutes(4);

    readonly Random chance = new(plan.Seed);
    int postgresKills, freezes, fullDisks;

    /// <summary>Whether everything held.</summary>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var name = $"grace_chaos_{Guid.NewGuid():N}"[..20];
        await using (var server = NpgsqlDataSource.Create(ownerConnection))
        await using (var create = server.CreateCommand($"create database {name}"))
            await create.ExecuteNonQueryAsync(cancel);
        var connection = new NpgsqlConnectionStringBuilder(ownerConnection) { Database = name }.ConnectionString;
        await using var database = await Database.OpenAsync(connection, cancel);

        var key = Guid.NewGuid().ToString("N");
        await using var one = Node("node-1");
        await using var two = Node("node-2");
        ChaosNode Node(string node) => new(node, Path.Combine(data.Root, "chaos", name, node), connection, Limit, key);
        var disk = await ChaosDisk.MountAsync(Path.Combine(two.Data, "pipelines"), cancel);
        try
        {
            await Task.WhenAll(one.StartAsync(cancel), two.StartAsync(cancel));
            say($"chaos: two nodes, {plan.Pipelines} pipelines ({plan.Whole} with all five phases, in {plan.Language}), {plan.Kills} kills, seed {plan.Seed}");
            var load = new ChaosLoad([one, two], chance);
            await Task.WhenAll(LoadAsync(load, cancel), HarmAsync([one, two], disk, cancel));
            var lost = await SettleAsync(database.Source, cancel);
            return await JudgeAsync(database.Source, two, load, lost, Stopwatch.GetElapsedTime(began), cancel);
        }
        finally
        {
            await one.DisposeAsync();
            await two.DisposeAsync();
            await StopServicesAsync([one, two]);
            await disk.UnmountAsync();
        }
    }

    /// <summary>What the pipelines deployed outlives its node, but not the harness.</summary>
    static async Task StopServicesAsync(IEnumerable<ChaosNode> nodes)
    {
        foreach (var folder in nodes.Select(node => new DataFolder(node.Data)))
        {
            var environment = new LocalEnvironment(folder, new Sandbox(folder.Root, TimeProvider.System), TimeProvider.System);
            foreach (var running in environment.Deployed())
                await environment.StopAsync(running.Release.Environment, running.Release.Service);
        }
    }

    async Task LoadAsync(ChaosLoad load, CancellationToken cancel)
    {
        var every = Math.Max(1, plan.Pipelines / Math.Max(1, plan.Whole));
        for (var i = 0; i < plan.Pipelines; i++)
        {
            string[] phases = i % every == 0 && i / every < plan.Whole ? [.. PhaseOrder.All.Select(p => p.Name())] : ["research", "design"];
            await load.SubmitAsync($"Build a note service: Note{i}(text: text)", phases, plan.Language, i % 7 == 3, cancel);
        }
    }

    /// <summary>Kills at random moments; between them, by turns, what else can happen to a machine.</summary>
    async Task HarmAsync(IReadOnlyList<ChaosNode> nodes, ChaosDisk disk, CancellationToken cancel)
    {
        var starting = new Task[nodes.Count];
        Array.Fill(starting, Task.CompletedTask);
        var every = Math.Max(3, plan.Kills / 5);
        for (var kill = 1; kill <= plan.Kills; kill++)
        {
            await Task.Delay(chance.Next(50, 2500), cancel);
            var at = chance.Next(nodes.Count);
            await starting[at];
            var node = nodes[at];
            if (kill % every == 1 && KillPostgres())
                postgresKills++;
            if (kill % every == 2)
            {
                await node.FreezeAsync(true);
                await Task.Delay(Frozen, cancel);
                await node.FreezeAsync(false);
                freezes++;
            }
            if (kill % every == 0 && await disk.FillAsync(TimeSpan.FromSeconds(4), cancel))
                fullDisks++;
            await node.KillAsync();
            starting[at] = node.StartAsync(cancel);
        }
        await Task.WhenAll(starting);
    }

    /// <summary>Only the embedded one: another's server is not ours to kill.</summary>
    bool KillPostgres()
    {
        var file = Path.Combine(data.Root, "postgres", "cluster", "postmaster.pid");
        if (!File.Exists(file) || !int.TryParse(File.ReadLines(file).FirstOrDefault(), out var pid))
            return false;
        try
        {
            Process.GetProcessById(pid).Kill();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Until nothing is queued or running any more; those that stand still too long are lost.</summary>
    static async Task<IReadOnlyList<string>> SettleAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        var (open, since) = ("", Stopwatch.GetTimestamp());
        while (true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancel);
                var rows = (await connection.QueryAsync<string>("select id || ' at version ' || version || ', ' || status from grace.pipelines where status in ('queued', 'running') order by id")).ToList();
                if (rows.Count == 0)
                    return rows;
                if (open != string.Join('\n', rows))
                    (open, since) = (string.Join('\n', rows), Stopwatch.GetTimestamp());
                else if (Stopwatch.GetElapsedTime(since) > Standstill)
                    return rows;
            }
            catch (NpgsqlException)
            {
                // The database is on its way back.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancel);
        }
    }

    async Task<bool> JudgeAsync(NpgsqlDataSource source, ChaosNode node, ChaosLoad load, IReadOnlyList<string> lost, TimeSpan took, CancellationToken cancel)
    {
        var verdict = new ChaosVerdict(Limit);
        await verdict.ReadAsync(new Engine.Log.EventLog(source), cancel);
        List<string> faults = [.. load.Faults, .. lost.Select(l => $"Lost: {l}"), .. verdict.Faults];
        faults.AddRange(load.Accepted.Where(id => !verdict.Pipelines.ContainsKey(id)).Select(id => $"{id} was accepted and is not in the log."));
        faults.AddRange(verdict.Pipelines.Keys.Except(load.Accepted).Select(id => $"{id} is in the log and nobody was told of it."));
        faults.AddRange(load.AcceptedCommands.Where(r => verdict.Reasons.GetValueOrDefault(r) > 1).Select(r => $"'{r}' is recorded {verdict.Reasons[r]} times."));
        var report = await new LogVerifier(source, SigningKey.Open(new DataFolder(node.Data)), new DataFolder(node.Data)).VerifyAsync(cancel: cancel);
        faults.AddRange(report.Faults.Select(f => f.ToString()!));

        say($"harm: {plan.Kills} nodes killed, {postgresKills} times PostgreSQL, {freezes} nodes frozen for {Frozen.TotalSeconds:0} s, {fullDisks} full disks; {load.Unavailable} answers of 503");
        say($"end: {string.Join(", ", verdict.Pipelines.Values.GroupBy(p => p.Status).OrderBy(g => g.Key).Select(g => $"{g.Count()} {g.Key.Name()}"))}, in {took.TotalSeconds:0} s; at most {verdict.MostAtOnce} ran at one time");
        foreach (var stuck in verdict.Pipelines.Values.Where(p => p.Status is PipelineStatus.WaitingForGuardian or PipelineStatus.Failed).Take(5))
            say($"  {stuck.Id} {stuck.Status.Name()}: {Short(stuck.Waiting?.Reason ?? stuck.Error ?? "")}");
        say($"log: {report.Events} events in {report.Streams} streams, {(report.Whole ? "whole" : "BROKEN")}");
        foreach (var fault in faults.Take(20))
            say($"  FAULT {fault}");
        say(faults.Count == 0 ? "none lost, none doubled" : $"{faults.Count} faults");
        return faults.Count == 0;
    }

    static string Short(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
