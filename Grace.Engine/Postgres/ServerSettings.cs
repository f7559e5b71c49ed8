namespace Grace.Engine.Postgres;

/// <summary>Given on the command line at every start, so that a newer Grace tunes older data folders too.</summary>
internal static class ServerSettings
{
    public static IEnumerable<string> For(ClusterFolder cluster, int port) =>
    [
        "listen_addresses=127.0.0.1",
        $"port={port}",
        "unix_socket_directories=",
        $"cluster_name={cluster.Name}",
        "password_encryption=scram-sha-256",
        "timezone=UTC",
        "log_timezone=UTC",

        // What is acknowledged is on the disk.
        "fsync=on",
        "full_page_writes=on",
        "synchronous_commit=on",

        // A laptop's share: the operating system caches the rest.
        "shared_buffers=128MB",
        "max_connections=200",
        "max_wal_size=1GB",
        "random_page_cost=1.1",
        "jit=off",

        // Nobody replicates from the embedded server; without replication the log on the disk is smaller.
        "wal_level=minimal",
        "max_wal_senders=0",
        "log_checkpoints=off",
    ];
}
