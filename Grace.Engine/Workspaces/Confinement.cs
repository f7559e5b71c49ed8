namespace Grace.Engine.Workspaces;

/// <summary>What holds a command, and the words that go before it on the command line. Pure, apart from looking whether folders exist.</summary>
internal static class Confinement
{
    public const string Bubblewrap = "bubblewrap";
    public const string Unshare = "unshare";
    public const string ProcessLimits = "process-limits";

    public static IReadOnlyList<string> Wrap(string kind, SandboxCommand command, SandboxFolders folders, RunFolders own) => kind switch
    {
        Bubblewrap => BubblewrapWords(command, folders, own),
        Unshare => UnshareWords(command, folders, own),
        // Without namespaces the folders stay open: the caller is told by the name of the confinement.
        ProcessLimits => folders.Find("setpriv") is { } setpriv ? [setpriv, "--pdeathsig", "KILL", "--"] : [],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a confinement."),
    };

    /// <summary>Core dumps off, no file over 16 GB, no fork bomb, and politer than Grace, whose heartbeats must come through.</summary>
    public static IEnumerable<string> Limits(SandboxFolders folders)
    {
        // No limit on address space: the .NET and Go runtimes reserve far more than they use.
        if (folders.Find("prlimit") is { } prlimit)
        {
            foreach (var word in new[] { prlimit, "--core=0", "--fsize=17179869184", "--nproc=16384", "--" })
            {
                yield return word;
            }
        }

        if (folders.Find("nice") is { } nice)
        {
            yield return nice;
            yield return "-n";
            yield return "5";
        }
    }

    /// <summary>Folders put back over the hidden ones, in the order they have to be mounted.</summary>
    private static IEnumerable<(string Source, string Target, bool Writable)> Shown(SandboxCommand command, SandboxFolders folders, RunFolders own)
    {
        foreach (var tool in folders.Tools)
        {
            yield return (tool, tool, false);
        }

        yield return (folders.Caches, folders.Caches, true);
        yield return (own.Home, own.Home, true);
        if (Directory.Exists("/run/systemd/resolve"))
        {
            // Where /etc/resolv.conf points to on many systems.
            yield return ("/run/systemd/resolve", "/run/systemd/resolve", false);
        }

        if (!command.WritableFolders.Any(folder => Within(command.WorkingDirectory, folder)))
        {
            yield return (command.WorkingDirectory, command.WorkingDirectory, false);
        }

        foreach (var folder in command.WritableFolders.Select(Path.GetFullPath))
        {
            yield return (folder, folder, true);
            var git = Path.Combine(folder, ".git");
            if (Path.Exists(git))
            {
                // Git runs programs that its configuration names, and Grace runs git outside the sandbox.
                yield return (git, git, false);
                if (Directory.Exists(git))
                {
                    // An installer that fails where it cannot put its hooks leaves nothing to test; these go with the command and are never run.
                    var hooks = Path.Combine(git, "hooks");
                    Directory.CreateDirectory(hooks);
                    yield return (own.Hooks, hooks, true);
                }
            }
        }
    }

    private static bool Within(string path, string folder) =>
        (Path.GetFullPath(path) + "/").StartsWith(Path.GetFullPath(folder).TrimEnd('/') + "/", StringComparison.Ordinal);

    private static List<string> BubblewrapWords(SandboxCommand command, SandboxFolders folders, RunFolders own)
    {
        List<string> words =
        [
            folders.Find("bwrap") ?? "bwrap", "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-ipc",
            "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
        ];
        if (command.Network != SandboxNetwork.Full)
        {
            words.Add("--unshare-net");
        }

        words.AddRange(["--bind", own.Temporary, "/tmp"]);
        words.AddRange(folders.Hidden.SelectMany(folder => new[] { "--tmpfs", folder }));
        words.AddRange(Shown(command, folders, own).SelectMany(shown => new[] { shown.Writable ? "--bind" : "--ro-bind", shown.Source, shown.Target }));
        words.AddRange(SandboxFolders.HiddenFiles.Where(file => !folders.Hidden.Any(hidden => Within(file, hidden)))
            .SelectMany(file => new[] { "--ro-bind", "/dev/null", file }));
        words.AddRange(["--chdir", command.WorkingDirectory, "--"]);
        return words;
    }

    /// <summary>The same view with util-linux alone. Shown folders are held in a stage first, since hiding covers their sources.</summary>
    private static List<string> UnshareWords(SandboxCommand command, SandboxFolders folders, RunFolders own)
    {
        var shown = Shown(command, folders, own).Append((own.Temporary, "/tmp", true)).ToList();
        var stage = Path.Combine(own.Root, "stage");
        Directory.CreateDirectory(stage);
        List<string> words =
        [
            folders.Find("setpriv") ?? "setpriv", "--pdeathsig", "KILL", "--",
            folders.Find("unshare") ?? "unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "--mount-proc",
        ];
        words.AddRange(Environment.IsPrivilegedProcess ? [] : ["--user", "--map-root-user"]);
        words.AddRange(command.Network == SandboxNetwork.Full ? [] : ["--net"]);
        words.AddRange(["--", "/bin/sh", "-c", UnshareScript.Text, "sandbox", stage, command.WorkingDirectory]);
        words.Add($"{shown.Count}");
        // /tmp goes first, so that a shown folder below it is mounted over it.
        foreach (var (source, target, writable) in shown.OrderByDescending(one => one.Item2 == "/tmp"))
        {
            words.AddRange([source, target, writable ? "rw" : "ro"]);
        }

        var hidden = folders.Hidden.Where(folder => folder != "/tmp").ToList();
        words.Add($"{hidden.Count}");
        words.AddRange(hidden);
        words.Add($"{SandboxFolders.HiddenFiles.Count}");
        words.AddRange(SandboxFolders.HiddenFiles);
        return words;
    }
}
