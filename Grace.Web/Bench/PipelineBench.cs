using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Grace.Engine;
using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Phases;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Engine.Postgres;
using Grace.Engine.Tools;
using Hangfire;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Grace.Web.Bench;

/// <summary>
/// What the engine costs for five phases that do nothing: (a) one pipeline after another, (b) many at once with the limit
/// at 16; each between two halves of <see cref="PlainRows"/> and <see cref="BareRows"/> in the same run, so that a machine that slows down slows all.
/// </summary>
static class PipelineBench
{
    const int InSequence = 200;
    const int AtOnce = 1000;
    const int Width = 16;

    public static async Task RunAsync(string connectionString, DataFolder data, Action<string> say)
    {
        say($"pipeline: five no-op phases, 1 KB artifact each; {Environment.ProcessorCount} cores");
        var alone = await Measure(connectionString, data, 2, InSequence, 1);
        say($"(a) {InSequence} one after another: {Each(alone.Engine)} ms each; rows of the same shape {Each(alone.Plain)} ms: {alone.Engine / alone.Plain:0.00} times; "
            + $"bare rows {Each(alone.Bare)} ms: {alone.Engine / alone.Bare:0.0} times (aim: at most 6); "
            + $"of it Hangfire, for an empty job: {Each(alone.Jobs)} ms ({alone.Jobs / alone.Bare:0.0} times)");
        Tell(alone, InSequence);
        var wide = await Measure(connectionString, data, Width, AtOnce, Width);
        say($"(b) {AtOnce} at once, {Width} wide: {Rate(wide.Engine)} a second; rows of the same shape {Rate(wide.Plain)}: {wide.Plain / wide.Engine:0.00} of their rate; "
            + $"bare rows {Rate(wide.Bare)}: {wide.Bare / wide.Engine:0.00} (aim: at least 0.17); of it Hangfire, for empty jobs: {Rate(wide.Jobs)}");
        Tell(wide, AtOnce);
        say($"memory: {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB peak (aim: under 250)");

        void Tell(Measured measured, int count)
        {
            say($"    a pipeline costs {measured.EngineCost.Each(count)}");
            say($"    an empty job {measured.JobsCost.Each(count)}");
            say($"    rows of the same shape {measured.PlainCost.Each(count)}");
            say($"    bare rows {measured.BareCost.Each(count)}");
        }
    }

    readonly record struct Measured(TimeSpan Engine, TimeSpan Plain, TimeSpan Bare, TimeSpan Jobs, Cost EngineCost, Cost PlainCost, Cost BareCost, Cost JobsCost);

    static string Each(TimeSpan all) => $"{all.TotalMilliseconds / InSequence:0.0}";

    static string Rate(TimeSpan all) => $"{AtOnce / all.TotalSeconds:0}";

    static async Task<Measured> Measure(string connectionString, DataFolder data, int limit, int count, int width)
    {
        await using var database = await Database.OpenAsync(connectionString);
        await using var owner = new NpgsqlConnection(connectionString);
        await owner.OpenAsync();
        await PlainRows.CreateTablesAsync(connectionString);
        var plain = new PlainRows(database.Source);
        await InParallel(20, width, plain.WriteOneAsync);
        var (plainTime, plainCost) = await Costing(owner, count / 2, width, plain.WriteOneAsync);
        await BareRows.CreateTablesAsync(connectionString);
        var bare = new BareRows(database.Source);
        await InParallel(20, width, bare.WriteOneAsync);
        var (bareTime, bareCost) = await Costing(owner, count / 2, width, bare.WriteOneAsync);

        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var options = new GraceOptions { Orchestrator = { MaxConcurrentPipelines = limit } };
        builder.Services.AddGraceEngine(options, database, data, worker: true);
        builder.Services.AddSingleton(s => new PlaybookSources([NoopAgent.Playbook], data.Playbooks, s.GetRequiredService<ToolBox>())).RemoveAll<PhaseAgent>();
        foreach (var phase in PhaseOrder.All)
            builder.Services.AddSingleton<PhaseAgent>(new NoopAgent(phase));
        using var host = builder.Build();
        await host.StartAsync();
        var orchestrator = host.Services.GetRequiredService<Orchestrator>();
        var tail = host.Services.GetRequiredService<LogTail>();
        await tail.Ready;
        ConcurrentDictionary<string, TaskCompletionSource> open = new();
        using var stop = new CancellationTokenSource();
        var follow = Follow(tail, open, stop.Token);

        async Task One(CancellationToken cancel)
        {
            var id = $"pipeline_{Guid.NewGuid():N}";
            var done = open[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await orchestrator.ExecuteAsync(id, new PipelineCommand.Submit("noop", new JsonObject(), PhaseOrder.All, null, "bench"), new("bench"), cancel: cancel);
            await done.Task.WaitAsync(TimeSpan.FromMinutes(2), cancel);
        }

        await InParallel(20, width, One);
        var (engineTime, engineCost) = await Costing(owner, count, width == 1 ? 1 : count, One);
        var jobs = host.Services.GetRequiredService<IBackgroundJobClient>();
        await InParallel(20, width, cancel => BareJobs.RunOneAsync(jobs, cancel));
        var (jobTime, jobCost) = await Costing(owner, count, width, cancel => BareJobs.RunOneAsync(jobs, cancel));
        await stop.CancelAsync();
        await follow.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await host.StopAsync();
        var (plainAfter, plainCostAfter) = await Costing(owner, count / 2, width, plain.WriteOneAsync);
        var (bareAfter, bareCostAfter) = await Costing(owner, count / 2, width, bare.WriteOneAsync);
        return new(engineTime, plainTime + plainAfter, bareTime + bareAfter, jobTime, engineCost, plainCost + plainCostAfter, bareCost + bareCostAfter, jobCost);
    }

    static async Task Follow(LogTail tail, ConcurrentDictionary<string, TaskCompletionSource> open, CancellationToken stop)
    {
        await foreach (var e in tail.FollowAsync(tail.Head, stop))
            if (e.Type is "agent.pipeline.completed" && open.TryRemove(e.StreamId, out var done))
                done.SetResult();
            else if (e.Type is "agent.pipeline.failed" && open.TryRemove(e.StreamId, out var failed))
                failed.SetException(new InvalidOperationException(e.Data));
    }

    static async Task<(TimeSpan Time, Cost Cost)> Costing(NpgsqlConnection owner, int count, int width, Func<CancellationToken, Task> one)
    {
        var before = await Cost.NowAsync(owner);
        var time = await InParallel(count, width, one);
        return (time, await Cost.NowAsync(owner) - before);
    }

    static async Task<TimeSpan> InParallel(int count, int width, Func<CancellationToken, Task> one)
    {
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = width },
            async (_, cancel) => await one(cancel));
        return Stopwatch.GetElapsedTime(began);
    }
}
