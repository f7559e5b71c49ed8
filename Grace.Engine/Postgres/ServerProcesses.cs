using System.Diagnostics;

namespace Grace.Engine.Postgres;

/// <summary>
/// Finds this cluster's processes, whoever started them. A pid in a file proves nothing: after a machine reset, or in
/// a new container, the number belongs to somebody else, and PostgreSQL then refuses to start.
/// </summary>
internal static class ServerProcesses
{
    /// <summary>False where the system has no /proc or hides others' processes in it: then absence proves nothing.</summary>
    public static bool AreVisible => OperatingSystem.IsLinux() && Directory.Exists("/proc/1");

    /// <summary>The process that owns the cluster, alive; null when there is none.</summary>
    public static int? Postmaster(ClusterFolder cluster)
    {
        if (PidIn(cluster.PidFile) is not { } pid)
        {
            return null;
        }

        if (OperatingSystem.IsLinux())
        {
            return IsOurs(cluster, pid) ? pid : null;
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            return process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) ? pid : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Everything that still works on the cluster; always empty where there is no /proc.</summary>
    public static IReadOnlyList<int> All(ClusterFolder cluster) =>
        !OperatingSystem.IsLinux() ? [] :
            [.. from folder in Directory.EnumerateDirectories("/proc")
                let pid = int.TryParse(Path.GetFileName(folder), out var number) ? number : 0
                where pid > 0 && IsOurs(cluster, pid)
                select pid];

    /// <summary>The first line of a postmaster.pid; null when there is no file or no number in it.</summary>
    private static int? PidIn(string file)
    {
        try
        {
            return int.TryParse(File.ReadLines(file).FirstOrDefault(), out var pid) && pid > 0 ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsOurs(ClusterFolder cluster, int pid)
    {
        try
        {
            // Empty for the dead that nobody has buried yet, which still answer to their pid.
            var line = File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
            return line.Contains("postgres", StringComparison.Ordinal)
                && (WorkingFolder(pid) is { } folder ? folder == cluster.Data : IsNamed(cluster, line));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Every process of a server works in its data folder. Null where we may not look, as root in some containers.</summary>
    private static string? WorkingFolder(int pid)
    {
        try
        {
            return Directory.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The postmaster has the name among its arguments, its children have it in their titles.</summary>
    private static bool IsNamed(ClusterFolder cluster, string commandLine) => commandLine.Contains(cluster.Name, StringComparison.Ordinal);
}
