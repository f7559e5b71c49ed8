using System.Text.Json.Nodes;
using Grace.Engine;
using Grace.Engine.Hosting;
using Grace.Engine.Learning;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Phases;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Engine.Postgres;
using Grace.Engine.Tools;
using Marten.Events.Daemon.Coordination;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grace.Tests.Support;

/// <summary>The real engine on a real database, with agents whose phases end when the test says so.</summary>
sealed class TestGrace : IAsyncDisposable
{
    readonly IHost host;
    readonly Database database;

    TestGrace(IHost host, Database database, DataFolder data, string connectionString) =>
        (this.host, this.database, Data, ConnectionString) = (host, database, data, connectionString);

    public DataFolder Data { get; }

    public string ConnectionString { get; }

    public Orchestrator Orchestrator => Get<Orchestrator>();

    public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

    /// <param name="gate">Awaited inside every phase; null: phases end at once.</param>
    /// <param name="shippedAgents">The agents and playbooks that ship, instead of those that end at once.</param>
    /// <param name="prepare">Sets options and fills the data folder before the engine starts.</param>
    public static async Task<TestGrace> StartAsync(string? connectionString = null, int limit = 2, bool worker = true, Func<PhaseWork, Task>? gate = null, bool shippedAgents = false,
        Action<GraceOptions, DataFolder>? prepare = null)
    {
        connectionString ??= await TestPostgres.NewDatabaseAsync();
        var data = new DataFolder(Directory.CreateTempSubdirectory("grace-data-").FullName);
        var database = await Database.OpenAsync(connectionString);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var options = new GraceOptions { Orchestrator = { MaxConcurrentPipelines = limit } };
        prepare?.Invoke(options, data);
        builder.Services.AddGraceEngine(options, database, data, worker);
        if (!shippedAgents)
            UseGatedAgents(builder.Services, gate);
        var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<LogTail>().Ready;
        return new(host, database, data, connectionString);
    }

    static void UseGatedAgents(IServiceCollection services, Func<PhaseWork, Task>? gate)
    {
        services.RemoveAll<PhaseAgent>();
        services.AddSingleton(s => new PlaybookSources(
            [PlaybookReader.Read("id: quick\nversion: 1\ndescription: Ends at once.", "quick.yaml")], s.GetRequiredService<DataFolder>().Playbooks, s.GetRequiredService<ToolBox>()));
        foreach (var phase in PhaseOrder.All)
            services.AddSingleton<PhaseAgent>(new GatedAgent(phase, gate));
    }

    public async Task<string> SubmitAsync(params Phase[] phases)
    {
        var id = $"pipeline_{Guid.NewGuid():N}";
        await Orchestrator.ExecuteAsync(id, new PipelineCommand.Submit("Build it", [], phases.Length == 0 ? PhaseOrder.All : phases, null, "ada"), new("ada"));
        return id;
    }

    /// <summary>Takes what is ready into a slot, as the job does; for tests that are the worker themselves.</summary>
    public async Task<Pipeline?> TakeAsync(int slot, string worker)
    {
        await using var give = database.Source.CreateCommand($"insert into grace.slots (number) values ({slot}) on conflict do nothing; select grace.give_slots(null, false)");
        await using var held = database.Source.CreateCommand($"select coalesce(s.pipeline_id, case when exists (select from grace.pipelines where status = 'queued') then '' end) from grace.slots s where number = {slot}");
        object? id;
        // The engine's own look passes over rows that this one holds, and the other way round.
        do
            await give.ExecuteNonQueryAsync();
        while ((id = await held.ExecuteScalarAsync()) is "");
        return id is string pipeline ? await Orchestrator.TakeAsync(pipeline, slot, worker, default) : null;
    }

    /// <summary>Waits for the log to tell of it, never for time.</summary>
    public async Task<Pipeline> UntilAsync(string id, Func<Pipeline, bool> reached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var place = Get<LogTail>().Head;
        var state = await Orchestrator.LoadAsync(id);
        if (reached(state))
            return state;
        await foreach (var e in Get<LogTail>().FollowAsync(place, patience.Token))
            if (e.StreamId == id && reached(state = await Orchestrator.LoadAsync(id)))
                return state;
        throw new InvalidOperationException("unreachable");
    }

    public Task<Pipeline> UntilAsync(string id, PipelineStatus status) => UntilAsync(id, p => p.Status == status);

    /// <summary>The learning loop has taken everything that is recorded, and what it recorded about it in turn.</summary>
    public async Task LearnedAsync()
    {
        for (LogPlace newest = default, last; (last = await NewestAsync()) != newest; newest = last)
            await FollowedAsync(LearningLoop.Name, last.Position);
    }

    /// <summary>A follower's progress has reached a position: told by the daemon, and by the database where the progress was taken back.</summary>
    public async Task FollowedAsync(string name, long position)
    {
        await Get<IProjectionCoordinator>().DaemonForMainDatabase().Tracker.WaitForShardState(LogFollower.Progress(name), position, TimeSpan.FromSeconds(60));
        await using var command = database.Source.CreateCommand("select coalesce((select last_seq_id from grace.mt_event_progression where name = $1), 0) >= $2");
        command.Parameters.Add(new() { Value = LogFollower.Progress(name) });
        command.Parameters.Add(new() { Value = position });
        while (!(bool)(await command.ExecuteScalarAsync())!)
            await Task.Yield();
    }

    /// <summary>
    /// Of the newest event, also where readers do not go yet: they stay below the oldest transaction of the whole server,
    /// which other tests hold open.
    /// </summary>
    public async Task<LogPlace> NewestAsync()
    {
        await using var command = database.Source.CreateCommand("select tx, seq_id from grace.log_proofs order by tx desc, seq_id desc limit 1");
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? new(reader.GetFieldValue<ulong>(0), reader.GetInt64(1)) : LogPlace.Start;
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        await database.DisposeAsync();
        Directory.Delete(Data.Root, true);
    }

    sealed class GatedAgent(Phase phase, Func<PhaseWork, Task>? gate) : PhaseAgent
    {
        public override Phase Phase => phase;

        public override async Task ExecuteAsync(PhaseWork work, CancellationToken cancel)
        {
            if (gate is not null)
                await gate(work).WaitAsync(cancel);
            await work.UsePlaybookAsync("quick", [], cancel);
            work.AddArtifact(phase.Produces(), new JsonObject { ["of"] = work.Pipeline.Id });
            work.Proof = Given.Report(phase).Proof;
        }
    }
}
