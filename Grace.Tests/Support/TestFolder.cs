using System.Diagnostics;

namespace Grace.Tests.Support;

/// <summary>A temporary folder, gone with the test.</summary>
public sealed class TestFolder : IDisposable
{
    private static readonly string All = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "grace-tests");

    public TestFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(All, $"{Environment.ProcessId}-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>What killed runs left. A server that one of them left stops by itself within a minute once its data is gone.</summary>
    public static void ClearDeadRuns()
    {
        foreach (var folder in Directory.Exists(All) ? Directory.GetDirectories(All) : [])
        {
            if (int.TryParse(System.IO.Path.GetFileName(folder).Split('-')[0], out var pid) && !IsAlive(pid))
            {
                Clear(folder);
            }
        }
    }

    private static void Clear(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // Something of that run still uses it, or is mounted there: not this run's business.
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
