using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Grace.Engine.Workspaces;

/// <summary>
/// Finds and ends what a command started. A process belongs to a run when it descends from it or carries its mark in
/// the environment: a daemon that left its parent and its session keeps the mark.
/// </summary>
internal static class ProcessTree
{
    public const string Mark = "SANDBOX_RUN";
    private const int Kill = 9;
    private const int Terminate = 15;

    /// <summary>Boot and start time of a process: the same pid with another mark is another process. Null: not there.</summary>
    public static string? StartMark(int pid) => Lives(pid) ? $"{BootId()}:{Stat(pid)?[19]}" : null;


    /// <summary>Ends everything of a run and returns when nothing of it is left (or <paramref name="bound"/> is over).</summary>
    public static async Task EndAsync(int root, string? run, TimeSpan bound)
    {
        var since = Stopwatch.GetTimestamp();
        while (Members(root, run) is { Count: > 0 } members)
        {
            members.ForEach(pid => _ = Send(pid, Kill));
            if (Stopwatch.GetElapsedTime(since) > bound)
            {
                return;
            }

            await Task.Delay(10).ConfigureAwait(false);
        }
    }

    public static bool Any(string run) => Members(0, run).Count > 0;

    /// <summary>Asks everything of a run to end. The shells that only hold it are left alone, so that their exit code tells.</summary>
    public static void Ask(int root, string? run) =>
        Members(root, run).Where(pid => Name(pid) is not ("bwrap" or "unshare") && !(pid == root && Name(pid) == "sh")).ToList()
            .ForEach(pid => _ = Send(pid, Terminate));

    private static List<int> Members(int root, string? run)
    {
        var all = AllPids().Where(pid => pid != Environment.ProcessId).ToList();
        var parents = all.ToDictionary(pid => pid, Parent);
        return [.. all.Where(pid => Lives(pid)
            && (pid == root || Descends(pid, root, parents) || (run is not null && Environ(pid).Contains($"{Mark}={run}"))))];
    }

    private static bool Descends(int pid, int root, Dictionary<int, int> parents)
    {
        // Bounded: pids are reused while we read, so the snapshot might hold a circle.
        for (var steps = 0; steps < 64 && parents.TryGetValue(pid, out var parent) && parent > 1; steps++, pid = parent)
        {
            if (parent == root)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<int> AllPids() => Directory.Exists("/proc")
        ? Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0).Where(pid => pid > 0)
        : [];

    private static bool Lives(int pid) => Stat(pid) is { Length: > 19 } fields && fields[0] != "Z";

    private static int Parent(int pid) =>
        Stat(pid) is { Length: > 1 } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0;

    private static string Name(int pid) => Read($"/proc/{pid}/comm").Trim();

    /// <summary>The fields of /proc/PID/stat after the command's name, which may itself hold blanks and brackets.</summary>
    private static string[]? Stat(int pid)
    {
        var text = Read($"/proc/{pid}/stat");
        var end = text.LastIndexOf(')');
        return end < 0 ? null : text[(end + 2)..].Split(' ');
    }

    private static string[] Environ(int pid) => Read($"/proc/{pid}/environ").Split('\0');

    private static string BootId() => Read("/proc/sys/kernel/random/boot_id").Trim();

    private static string Read(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(file));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Send(int pid, int signal);
}
