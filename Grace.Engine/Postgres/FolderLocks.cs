namespace Grace.Engine.Postgres;

/// <summary>
/// Locks that the system drops with the process, however it dies. One is held around every start and stop; besides it
/// each user of the server holds one on a file of its own, so the last one out can see that it is the last.
/// </summary>
internal static class FolderLocks
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Waits as long as it takes: another process may be fetching binaries or recovering the database.</summary>
    public static async Task<FileStream> TakeAsync(ClusterFolder cluster, Action<string> say, CancellationToken cancel)
    {
        for (var tries = 0; ; tries++)
        {
            if (TryHold(cluster.LockFile) is { } held)
            {
                return held;
            }

            if (tries == 120)
            {
                say($"Waiting for another Grace process to start or stop the database in {cluster.Data}.");
            }

            await Task.Delay(Pause, cancel);
        }
    }

    public static FileStream EnterUser(ClusterFolder cluster) =>
        TryHold(Path.Combine(cluster.Users, $"{Environment.ProcessId}-{Guid.NewGuid():N}"))
        ?? throw new IOException($"A new file in {cluster.Users} is locked.");

    /// <summary>Counts who is there and clears away what dead processes left. Call it with the lock held.</summary>
    public static int LiveUsers(ClusterFolder cluster)
    {
        var live = 0;
        foreach (var file in Directory.GetFiles(cluster.Users))
        {
            if (TryHold(file) is { } abandoned)
            {
                LeaveUser(abandoned);
            }
            else
            {
                live++;
            }
        }

        return live;
    }

    public static void LeaveUser(FileStream user)
    {
        user.Dispose();
        File.Delete(user.Name);
    }

    private static FileStream? TryHold(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException))
        {
            return null;
        }
    }
}
