namespace Grace.Engine.Workspaces;

/// <summary>What a confined command may reach.</summary>
public enum SandboxNetwork
{
    /// <summary>Nothing. Where the kernel brings it up by itself there is an empty loopback of its own.</summary>
    None,

    /// <summary>A loopback of its own: its processes reach one another, nobody else's.</summary>
    Loopback,

    /// <summary>The machine's network, as package clients and deployed services need it.</summary>
    Full,
}

/// <summary>One command to run confined. Only <see cref="Argv"/> and <see cref="WorkingDirectory"/> are needed.</summary>
public sealed record SandboxCommand
{
    /// <summary>Program and arguments; no shell reads them.</summary>
    public required IReadOnlyList<string> Argv { get; init; }

    /// <summary>Absolute. Not writable unless it lies in <see cref="WritableFolders"/>.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Absolute folders the command may write to. A <c>.git</c> directly inside one stays read-only.</summary>
    public IReadOnlyList<string> WritableFolders { get; init; } = [];

    /// <summary>Added to the rebuilt environment, and stronger than it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of output kept: the first half of it from the beginning, the rest from the end.</summary>
    public int OutputLimit { get; init; } = 256 * 1024;

    public SandboxNetwork Network { get; init; } = SandboxNetwork.None;

    /// <summary>Takes each line of output as it comes, from any thread. A line longer than 4,096 bytes is cut.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>What people call it, for logs.</summary>
    public string? Name { get; init; }
}

/// <summary>How a confined command ended.</summary>
/// <param name="ExitCode">Null when it did not exit by itself.</param>
/// <param name="Output">Standard output and error in the order they came, cut in the middle when over the limit.</param>
/// <param name="Truncated">Bytes cut out of <paramref name="Output"/>; 0 when it is whole.</param>
/// <param name="Confinement"><c>bubblewrap</c>, <c>unshare</c> or <c>process-limits</c>: what held the command.</param>
public sealed record CommandResult(int? ExitCode, bool TimedOut, string Output, long Truncated, TimeSpan Duration, string Confinement)
{
    public bool Succeeded => ExitCode == 0 && !TimedOut;

    /// <summary>Beginning and end of the output, for a report that has to stay small: the cause is often in the first lines.</summary>
    public string Ends(int beginning = 800, int end = 2200) => Output.Length <= beginning + end ? Output
        : $"{Output[..beginning]}\n[… {Output.Length - beginning - end} characters cut …]\n{Output[^end..]}";
}
