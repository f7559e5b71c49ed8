using System.Diagnostics;

namespace Grace.Engine.Workspaces;

/// <summary>
/// Runs commands that nobody here wrote: confined to their folders, with a rebuilt environment, bounded in time and
/// output, and with nothing left running afterwards. <see cref="CommandResult.Confinement"/> says how well it could.
/// </summary>
public sealed class Sandbox
{
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(10);
    private readonly SandboxFolders folders;
    private readonly TimeProvider clock;
    private readonly Lazy<Task<string>> confinement;

    /// <param name="data">Grace's data folder. Commands see nothing of it but the package caches and their writable folders.</param>
    /// <param name="confinement">Forces one (for tests); by default the best that works here.</param>
    /// <param name="tools">Absolute folders in which programs are looked for first.</param>
    public Sandbox(string data, TimeProvider clock, string? confinement = null, IReadOnlyList<string>? tools = null)
    {
        folders = new SandboxFolders(data, tools ?? []);
        this.clock = clock;
        this.confinement = new(() => confinement is null ? ChooseAsync() : Task.FromResult(confinement));
    }

    /// <summary>The confinement in force on this machine; found out by trying, once.</summary>
    public Task<string> ConfinementAsync() => confinement.Value;

    /// <summary>The shared, writable folder for what package clients download.</summary>
    public string CacheFolder => folders.Caches;

    /// <summary>Where a confined command looks for programs, as PATH writes it.</summary>
    public string SearchPath => folders.SearchPath;

    /// <summary>Whether a program can be found by a confined command.</summary>
    public bool Has(string program) => folders.Find(program) is not null;

    /// <summary>Ends and clears what the runs of a Grace that died left behind; services go on. To be called at the start.</summary>
    public Task SweepAsync() => RunFolders.SweepAsync(folders.Runs);

    /// <summary>Runs to the end. Cancelling ends the whole tree of processes before the exception comes.</summary>
    public async Task<CommandResult> RunAsync(SandboxCommand command, CancellationToken cancel) =>
        await RunAsync(command, await confinement.Value.ConfigureAwait(false), cancel).ConfigureAwait(false);

    /// <summary>
    /// Starts a confined service in a session of its own, with the machine's network and its output in a log file.
    /// </summary>
    /// <param name="detached">Whether it survives Grace. <see cref="ServiceProcess.StopAsync"/> ends it also after a restart.</param>
    public async Task<ServiceProcess> StartAsync(SandboxCommand command, string logFile, bool detached, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var kind = await confinement.Value.ConfigureAwait(false);
        var id = NewId();
        // Still in use when this process is gone; the sweep of a later start finds out when it no longer is.
        var own = folders.NewRun(id, kept: true);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(logFile))!);
        // A detached service's parent is a shell that outlives Grace: what dies with its parent dies with that shell.
        var shell = detached ? "exec >>\"$0\" 2>&1 </dev/null; \"$@\"; exit $?" : "exec >>\"$0\" 2>&1 </dev/null; exec \"$@\"";
        var start = Prepare(command with { Network = SandboxNetwork.Full }, kind, own, id, shell, Path.GetFullPath(logFile));
        using var process = await LaunchThread.StartAsync(start).ConfigureAwait(false);
        return new ServiceProcess(process.Id, ProcessTree.StartMark(process.Id) ?? "", id, Path.GetFullPath(logFile), kind);
    }

    private async Task<CommandResult> RunAsync(SandboxCommand command, string kind, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (folders.Find(command.Argv[0]) is null && !File.Exists(Path.Combine(command.WorkingDirectory, command.Argv[0])))
        {
            return new CommandResult(127, false, $"{command.Argv[0]}: not found on this machine.", 0, TimeSpan.Zero, kind);
        }

        var id = NewId();
        var own = folders.NewRun(id);
        var began = clock.GetTimestamp();
        try
        {
            var start = Prepare(command, kind, own, id, "exec \"$@\" 2>&1 </dev/null", "sandbox");
            start.RedirectStandardOutput = true;
            using var process = await LaunchThread.StartAsync(start).ConfigureAwait(false);
            using var limit = new CancellationTokenSource(command.TimeLimit, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
            var output = new BoundedOutput(command.OutputLimit, command.OnLine);
            var reading = ReadAsync(process.StandardOutput.BaseStream, output);
            var endedItself = await EndsAsync(process, either.Token).ConfigureAwait(false);

            // Also after a normal exit: a daemon that was left behind would hold the output open, and live on.
            await ProcessTree.EndAsync(endedItself ? 0 : process.Id, id, EndBound).ConfigureAwait(false);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            await Task.WhenAny(reading, Task.Delay(EndBound, clock, CancellationToken.None)).ConfigureAwait(false);
            output.Complete();
            cancel.ThrowIfCancellationRequested();
            return new CommandResult(endedItself ? process.ExitCode : null, !endedItself, output.ToString(), output.Cut, clock.GetElapsedTime(began), kind);
        }
        finally
        {
            own.Delete();
        }
    }

    private ProcessStartInfo Prepare(SandboxCommand command, string kind, RunFolders own, string id, string shell, string zero)
    {
        var start = new ProcessStartInfo { UseShellExecute = false, WorkingDirectory = command.WorkingDirectory, FileName = folders.Find("setsid") ?? "/bin/sh" };
        IEnumerable<string> words = [.. start.FileName == "/bin/sh" ? [] : new[] { "/bin/sh" }, "-c", shell, zero,
            .. Confinement.Limits(folders), .. Confinement.Wrap(kind, command, folders, own), .. command.Argv];
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        start.Environment.Clear();
        foreach (var (name, value) in SandboxEnvironment.Build(folders, own, id, command.Environment))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task<bool> EndsAsync(Process process, CancellationToken cancel)
    {
        try
        {
            await process.WaitForExitAsync(cancel).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task ReadAsync(Stream stream, BoundedOutput output)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
            {
                output.Append(buffer.AsSpan(0, read));
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // The process is gone and its pipe with it; what came is kept.
        }
    }

    private async Task<string> ChooseAsync()
    {
        foreach (var kind in new[] { Confinement.Bubblewrap, Confinement.Unshare })
        {
            if (folders.Find(kind == Confinement.Bubblewrap ? "bwrap" : "unshare") is null)
            {
                continue;
            }

            // Installed is not enough: containers often forbid the namespaces.
            var probe = new SandboxCommand { Argv = ["true"], WorkingDirectory = "/", TimeLimit = TimeSpan.FromSeconds(10) };
            if ((await RunAsync(probe, kind, CancellationToken.None).ConfigureAwait(false)).Succeeded)
            {
                return kind;
            }
        }

        return Confinement.ProcessLimits;
    }

    private static string NewId() => Guid.NewGuid().ToString("n");
}
