using Grace.Engine.Workspaces;
using Grace.Tests.Support;

namespace Grace.Tests.Workspaces;

public sealed class SandboxTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string work;
    private readonly Sandbox best;

    public SandboxTests()
    {
        work = folder.Folder("data/workspaces/one");
        best = new Sandbox(folder.Folder("data"), TimeProvider.System);
    }

    public static TheoryData<string> Confinements => ["bubblewrap", "unshare", "process-limits"];

    public static TheoryData<string> Namespaces => ["bubblewrap", "unshare"];

    [Theory]
    [MemberData(nameof(Confinements))]
    public async Task The_environment_is_rebuilt_and_holds_no_secret_of_the_parent(string confinement)
    {
        Environment.SetEnvironmentVariable("Grace__Models__ApiKey", "key-of-the-parent");
        if (await SandboxOf(confinement) is not { } sandbox)
        {
            return;
        }

        var result = await sandbox.RunAsync(Shell("env; cat /proc/$PPID/environ /proc/1/environ 2>/dev/null | tr '\\0' '\\n'"), default);

        result.Confinement.ShouldBe(confinement);
        result.Output.ShouldContain("PATH=");
        if (confinement != "process-limits")
        {
            result.Output.ShouldNotContain("key-of-the-parent");
        }

        result.Output.Split("\n\n")[0].ShouldNotContain("Grace__");
    }

    [Theory]
    [MemberData(nameof(Namespaces))]
    public async Task Nothing_can_be_written_outside_the_writable_folders(string confinement)
    {
        if (await SandboxOf(confinement) is not { } sandbox)
        {
            return;
        }

        folder.Write("outside.txt", "before");
        var result = await sandbox.RunAsync(Shell($"echo in > inside.txt; echo x > {folder.Path}/outside.txt; echo x > /etc/grace-test; echo private > /tmp/own.txt && cat /tmp/own.txt"), default);

        File.ReadAllText(Path.Combine(work, "inside.txt")).ShouldBe("in\n");
        File.ReadAllText(Path.Combine(folder.Path, "outside.txt")).ShouldBe("before");
        File.Exists("/etc/grace-test").ShouldBeFalse();
        File.Exists("/tmp/own.txt").ShouldBeFalse();
        result.Output.ShouldContain("private");
    }

    [Theory]
    [MemberData(nameof(Namespaces))]
    public async Task The_users_home_and_the_data_folder_are_hidden(string confinement)
    {
        if (await SandboxOf(confinement) is not { } sandbox)
        {
            return;
        }

        folder.Write("data/secret.txt", "the database password");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var result = await sandbox.RunAsync(Shell($"cat {folder.Path}/data/secret.txt; ls -A {home}/.ssh {home}/.config; cat ~/.npmrc; cat /etc/shadow; cat {AppContext.BaseDirectory}appsettings*.json; echo done"), default);

        result.Output.ShouldNotContain("the database password");
        result.Output.ShouldContain("done");
        result.Output.ShouldNotContain("root:");
        result.Output.ShouldNotContain("{");
        result.Output.ShouldContain($"cannot access '{home}/.ssh'");
    }

    [Theory]
    [MemberData(nameof(Namespaces))]
    public async Task A_source_tree_around_the_data_folder_is_hidden_with_its_build_settings(string confinement)
    {
        if (await SandboxOf(confinement) is not { } sandbox)
        {
            return;
        }

        folder.Write("Directory.Build.props", "<Project />");
        folder.Write("data/workspaces/one/own.txt", "here");
        var result = await sandbox.RunAsync(Shell($"ls {folder.Path}; cat own.txt"), default);

        result.Output.ShouldBe("data\nhere");
    }

    [Theory]
    [MemberData(nameof(Namespaces))]
    public async Task The_git_folder_of_a_workspace_stays_read_only(string confinement)
    {
        if (await SandboxOf(confinement) is not { } sandbox)
        {
            return;
        }

        folder.Write("data/workspaces/one/.git/config", "[core]\n");
        var result = await sandbox.RunAsync(Shell("echo evil > .git/config || mv .git elsewhere || rm -rf .git; cat .git/config"), default);

        result.Output.ShouldContain("[core]");
        File.ReadAllText(Path.Combine(work, ".git/config")).ShouldBe("[core]\n");
    }

    [Theory]
    [MemberData(nameof(Namespaces))]
    public async Task Without_network_the_machine_cannot_be_reached(string confinement)
    {
        if (await SandboxOf(confinement) is not { } sandbox)
        {
            return;
        }

        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        SandboxCommand connect = Shell($"bash -c 'echo > /dev/tcp/127.0.0.1/{port}' && echo reached");

        (await sandbox.RunAsync(connect, default)).Output.ShouldNotContain("reached\n");
        (await sandbox.RunAsync(connect with { Network = SandboxNetwork.Full }, default)).Output.ShouldContain("reached\n");
    }

    [Theory]
    [MemberData(nameof(Confinements))]
    public async Task A_time_out_ends_the_whole_tree_also_a_daemon(string confinement)
    {
        if (await SandboxOf(confinement) is not { } sandbox)
        {
            return;
        }

        var mark = $"7{Random.Shared.Next(100000, 999999)}";
        var result = await sandbox.RunAsync(Shell($"setsid sh -c 'sleep {mark} & sleep {mark}' & sleep {mark}") with { TimeLimit = TimeSpan.FromSeconds(1) }, default);

        result.TimedOut.ShouldBeTrue();
        result.ExitCode.ShouldBeNull();
        Running($"sleep\0{mark}").ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Confinements))]
    public async Task A_daemon_left_behind_neither_survives_nor_holds_up_the_result(string confinement)
    {
        if (await SandboxOf(confinement) is not { } sandbox)
        {
            return;
        }

        var mark = $"8{Random.Shared.Next(100000, 999999)}";
        var result = await sandbox.RunAsync(Shell($"setsid sh -c 'sleep {mark}; echo late' & echo started; exit 3"), default);

        result.ExitCode.ShouldBe(3);
        result.Output.ShouldContain("started");
        result.Duration.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        Running($"sleep\0{mark}").ShouldBe(0);
    }

    [Fact]
    public async Task Cancelling_ends_the_tree_before_the_exception_comes()
    {
        var mark = $"9{Random.Shared.Next(100000, 999999)}";
        using var cancel = new CancellationTokenSource();
        var run = best.RunAsync(Shell($"sleep {mark} & echo up; wait") with { OnLine = _ => cancel.Cancel() }, cancel.Token);

        await Should.ThrowAsync<OperationCanceledException>(run);
        Running($"sleep\0{mark}").ShouldBe(0);
    }

    [Fact]
    public async Task An_endless_printer_costs_bounded_output_and_says_what_was_cut()
    {
        var result = await best.RunAsync(Shell("echo first; yes") with { OutputLimit = 10_000, TimeLimit = TimeSpan.FromSeconds(1) }, default);

        result.Truncated.ShouldBeGreaterThan(0);
        result.Output.Length.ShouldBeLessThan(10_200);
        result.Output.ShouldStartWith("first");
        result.Output.ShouldContain($"{result.Truncated} bytes cut");
        result.Output.ShouldEndWith("y\n");
    }

    [Fact]
    public async Task A_program_that_is_missing_is_named()
    {
        var result = await best.RunAsync(new SandboxCommand { Argv = ["no-such-program"], WorkingDirectory = work }, default);

        result.ExitCode.ShouldBe(127);
        result.Output.ShouldContain("no-such-program: not found");
    }

    [Theory]
    [MemberData(nameof(Confinements))]
    public async Task A_detached_service_runs_until_it_is_stopped_by_its_pid(string confinement)
    {
        if (await SandboxOf(confinement) is not { } sandbox)
        {
            return;
        }

        var mark = $"6{Random.Shared.Next(100000, 999999)}";
        var ready = Path.Combine(work, "ready");
        using var watcher = new FileSystemWatcher(work);
        var appeared = new TaskCompletionSource();
        watcher.Created += (_, _) => appeared.TrySetResult();
        watcher.EnableRaisingEvents = true;
        var service = await sandbox.StartAsync(Shell($"trap 'echo asked; exit 0' TERM; echo up; sleep {mark} & touch {ready}; wait"), Path.Combine(folder.Path, "log/service.log"), detached: true, default);
        await appeared.Task.WaitAsync(TimeSpan.FromSeconds(20));

        service.IsRunning.ShouldBeTrue();
        (service with { StartMark = "another" }).IsRunning.ShouldBeFalse();
        await (service with { StartMark = "another" }).StopAsync(TimeSpan.Zero, TimeProvider.System, default);
        service.IsRunning.ShouldBeTrue();

        await service.StopAsync(TimeSpan.FromSeconds(5), TimeProvider.System, default);
        service.IsRunning.ShouldBeFalse();
        Running($"sleep\0{mark}").ShouldBe(0);
        (await File.ReadAllTextAsync(service.LogFile)).ShouldContain("asked");
    }

    [Theory]
    [MemberData(nameof(Confinements))]
    public async Task Named_folders_of_tools_come_before_the_path_and_uncover_nothing_else(string confinement)
    {
        if (await SandboxOf(confinement) is null)
        {
            return;
        }

        // In the data folder, which commands do not see: an environment of its own, whose bin alone would not be enough.
        folder.Write("data/secret.txt", "hidden");
        folder.Write("data/tools/lib/answer.txt", "from its library");
        var bin = folder.Folder("data/tools/bin");
        Script.Write(Path.Combine(bin, "env"), $"cat {folder.Path}/data/tools/lib/answer.txt");
        var sandbox = new Sandbox(folder.Folder("data"), TimeProvider.System, confinement, tools: [bin + "/", "/"]);

        var result = await sandbox.RunAsync(Shell($"env; echo; cat {folder.Path}/data/secret.txt; echo x > {bin}/written || echo refused"), default);

        result.Output.ShouldStartWith("from its library\n");
        if (confinement != "process-limits")
        {
            result.Output.ShouldNotContain("hidden");
            result.Output.ShouldContain("refused");
        }
    }

    public void Dispose() => folder.Dispose();

    private SandboxCommand Shell(string script) =>
        new() { Argv = ["/bin/sh", "-c", script], WorkingDirectory = work, WritableFolders = [work], TimeLimit = TimeSpan.FromSeconds(30) };

    /// <summary>Null where this machine does not allow the confinement; the weaker ones are then what is tested.</summary>
    private async Task<Sandbox?> SandboxOf(string confinement)
    {
        var program = confinement switch { "bubblewrap" => "bwrap", "unshare" => "unshare", _ => "sh" };
        return best.Has(program) && (confinement == "process-limits" || await best.ConfinementAsync() != "process-limits")
            ? new Sandbox(folder.Folder("data"), TimeProvider.System, confinement)
            : null;
    }

    private static int Running(string commandLine) => Directory.EnumerateDirectories("/proc")
        .Where(entry => int.TryParse(Path.GetFileName(entry), out _))
        .Count(entry =>
        {
            try
            {
                return File.ReadAllText($"{entry}/cmdline").StartsWith(commandLine, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        });
}
