namespace Grace.Tests.Postgres;

/// <summary>What Linux tells of a process.</summary>
internal static class Proc
{
    /// <summary>The id of its session: its own when it leads one.</summary>
    public static int Session(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3]);
    }

    /// <summary>The real user id.</summary>
    public static int User(int pid) =>
        int.Parse(File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1]);

    /// <summary>The effective capabilities, as a bit mask.</summary>
    public static ulong Capabilities(int pid) =>
        Convert.ToUInt64(File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("CapEff:", StringComparison.Ordinal)).Split('\t')[1], 16);
}
