namespace Grace.Engine.Postgres;

/// <summary>What the server itself writes: needed when it does not start, and never allowed to grow without end.</summary>
internal static class ServerLog
{
    private const long LimitBytes = 10 * 1024 * 1024;

    public static void Rotate(ClusterFolder cluster)
    {
        if (new FileInfo(cluster.Log) is { Exists: true, Length: > LimitBytes })
        {
            File.Move(cluster.Log, cluster.Log + ".1", overwrite: true);
        }
    }

    public static string Tail(ClusterFolder cluster) =>
        File.Exists(cluster.Log) ? $"{cluster.Log} ends:\n" + string.Join('\n', File.ReadLines(cluster.Log).TakeLast(8)) : "";
}
