using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Deployments;

/// <summary>The release did not become healthy; what ran before runs again, if there was anything.</summary>
public sealed class ReleaseUnhealthy(string message, RunningRelease? restored) : Exception(message)
{
    public RunningRelease? Restored { get; } = restored;
}

/// <summary>
/// Environments on this machine (<c>local</c>, and those that are configured): releases in the data folder, each a
/// confined process on a loopback port that stays the same from release to release. A service outlives the server that
/// started it.
/// </summary>
public sealed class LocalEnvironment(DataFolder data, Sandbox sandbox, TimeProvider clock)
{
    static readonly TimeSpan HealthPatience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new();

    public string FolderOf(string environment, string service) => Path.Combine(data.Releases(environment), service);

    /// <summary>A new, empty folder for the next release.</summary>
    public (int Number, string Folder) NextRelease(string environment, string service)
    {
        for (var number = 1; ; number++)
        {
            var folder = Path.Combine(FolderOf(environment, service), $"release-{number}");
            // Created by one process alone: a marker file that must not exist yet.
            Directory.CreateDirectory(folder);
            try
            {
                using (new FileStream(Path.Combine(folder, ".taken"), FileMode.CreateNew))
                    return (number, Path.Combine(folder, "app"));
            }
            catch (IOException)
            {
            }
        }
    }

    public RunningRelease? Current(string environment, string service) =>
        StateFile(environment, service) is var file && File.Exists(file) ? JsonSerializer.Deserialize<RunningRelease>(File.ReadAllText(file), Wire.Json) : null;

    /// <summary>Everything that was deployed and not stopped, running or not.</summary>
    public IReadOnlyList<RunningRelease> Deployed() =>
        [.. Directory.EnumerateFiles(data.AllReleases, "current.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
            .Select(file => JsonSerializer.Deserialize<RunningRelease>(File.ReadAllText(file), Wire.Json)!)];

    /// <summary>Puts a release in place of the one before.</summary>
    /// <param name="store">Names the data it works on: releases with the same name share it.</param>
    /// <exception cref="ReleaseUnhealthy">It did not answer its health check in time; the release before runs again.</exception>
    public async Task<(RunningRelease Running, int? Before)> StartAsync(Release release, string store, CancellationToken cancel)
    {
        var turn = turns.GetOrAdd($"{release.Environment}/{release.Service}", _ => new(1));
        await turn.WaitAsync(cancel);
        try
        {
            var before = Current(release.Environment, release.Service);
            if (before is not null)
                await before.Process.StopAsync(StopPatience, clock, cancel);
            var port = before is not null && IsFree(before.Port) ? before.Port : FreePort();
            var running = await Launch(release, port, store, cancel);
            if (await WhyUnhealthy(running, cancel) is { } why)
            {
                await running.Process.StopAsync(StopPatience, clock, CancellationToken.None);
                var restored = before is null ? null : await Restore(before, cancel);
                throw new ReleaseUnhealthy($"Release {release.Number} of {release.Service} is not healthy: {why} "
                    + (restored is null ? "There is no release before it to go back to." : $"Release {restored.Release.Number} runs again."), restored);
            }
            Save(running);
            return (running, before?.Release.Number);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task StopAsync(string environment, string service)
    {
        if (Current(environment, service) is { } running)
        {
            await running.Process.StopAsync(StopPatience, clock, CancellationToken.None);
            File.Delete(StateFile(environment, service));
        }
    }

    /// <summary>The same release when it answers its health check, started again when it does not; null when that fails.</summary>
    public async Task<RunningRelease?> ReviveAsync(RunningRelease release, CancellationToken cancel)
    {
        var turn = turns.GetOrAdd($"{release.Release.Environment}/{release.Release.Service}", _ => new(1));
        await turn.WaitAsync(cancel);
        try
        {
            if (release.Process.IsRunning && await WhyUnhealthy(release, cancel) is null)
                return release;
            await release.Process.StopAsync(StopPatience, clock, cancel);
            return await Restore(release, cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    async Task<RunningRelease?> Restore(RunningRelease before, CancellationToken cancel)
    {
        var again = await Launch(before.Release, before.Port, Path.GetFileName(before.DataFolder), cancel);
        if (await WhyUnhealthy(again, cancel) is not null)
            return null;
        Save(again);
        return again;
    }

    async Task<RunningRelease> Launch(Release release, int port, string store, CancellationToken cancel)
    {
        var dataFolder = Path.Combine(FolderOf(release.Environment, release.Service), "data", store);
        Directory.CreateDirectory(dataFolder);
        var plan = release.Plan.For(release.Folder, dataFolder, port);
        var environment = plan.Environment.ToDictionary();
        // A service lives long, unlike what builds it: these are the runtime's own values.
        environment.TryAdd("DOTNET_TieredPGO", "1");
        environment.TryAdd("DOTNET_TC_CallCountingDelayMs", "64");
        var command = new SandboxCommand
        {
            Argv = plan.Command,
            WorkingDirectory = release.Folder,
            WritableFolders = [dataFolder],
            Network = SandboxNetwork.Full,
            Name = release.Service,
            Environment = environment,
        };
        var process = await sandbox.StartAsync(command, Path.Combine(FolderOf(release.Environment, release.Service), $"release-{release.Number}.log"), detached: true, cancel);
        return new(release, port, process, dataFolder, clock.GetUtcNow());
    }

    async Task<string?> WhyUnhealthy(RunningRelease running, CancellationToken cancel)
    {
        var path = running.Release.Plan.Health;
        var began = clock.GetTimestamp();
        var last = "it did not answer";
        while (clock.GetElapsedTime(began) < HealthPatience)
        {
            if (!running.Process.IsRunning)
                return $"it ended at once; the end of its log: {LogEnd(running.Process.LogFile)}";
            try
            {
                using var answer = await Http.GetAsync(running.HealthAddress, cancel);
                if (answer.IsSuccessStatusCode)
                    return Listening.BeyondLoopback(running.Port) ? $"it listens on port {running.Port} beyond {StartPlan.Host}, where other machines reach it." : null;
                last = $"{path} answered {(int)answer.StatusCode}";
            }
            catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                last = $"{path} did not answer: {e.Message}";
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancel);
        }
        return $"within {HealthPatience.TotalSeconds:0} s {last}.";
    }

    static string LogEnd(string file)
    {
        if (!File.Exists(file))
            return "(none)";
        var text = File.ReadAllText(file);
        return text.Length <= 1000 ? text : text[^1000..];
    }

    void Save(RunningRelease running)
    {
        var file = StateFile(running.Release.Environment, running.Release.Service);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(running, Wire.Indented));
        File.Move(file + ".new", file, overwrite: true);
    }

    string StateFile(string environment, string service) => Path.Combine(FolderOf(environment, service), "current.json");

    static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
