using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>This process among those that serve the database. Its name tells a recycled pid apart, and a second engine in one process.</summary>
public sealed class ThisNode(NpgsqlDataSource database, IHostApplicationLifetime lifetime, WorkerOptions options, string roles)
{
    /// <summary>How long a node that is not heard of stays listed; its host may be gone for good.</summary>
    static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);
    static readonly Process Self = Process.GetCurrentProcess();
    static int engines;

    public string Id { get; } = $"{Environment.MachineName}:{Self.Id}:{Started(Self)}{(Interlocked.Increment(ref engines) is > 1 and var engine ? $":{engine}" : "")}";

    /// <summary>What this node does, for whoever looks at the nodes: web, worker or both with a comma between.</summary>
    public string Roles { get; set; } = roles;

    /// <summary>Cancelled as soon as an orderly stop begins.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Lists this node, or says that it is still there.</summary>
    public async Task RegisterAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync("""
            insert into grace.nodes (id, host, pid, process_started, roles, queues, started_at, seen_at)
            values (@Id, @host, @pid, @started, @Roles, @Takes, clock_timestamp(), clock_timestamp())
            on conflict (id) do update set seen_at = excluded.seen_at
            """, new { Id, host = Environment.MachineName, pid = Self.Id, started = Started(Self), Roles, options.Takes });
    }

    public async Task LeaveAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from grace.nodes where id = @Id", new { Id });
    }

    /// <summary>Ends the leases of processes of this host that are no longer alive; no need to wait until they run out.</summary>
    public async Task ReleaseDeadAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync("delete from grace.nodes where seen_at < clock_timestamp() - @Forgotten", new { Forgotten });
        var others = await connection.QueryAsync<(string Id, int Pid, long ProcessStarted)>(
            "select id, pid, process_started from grace.nodes where host = @host and id <> @Id", new { host = Environment.MachineName, Id });
        foreach (var (id, pid, started) in others)
        {
            if (IsAlive(pid, started))
                continue;
            await connection.ExecuteAsync("""
                update grace.pipelines set lease_until = clock_timestamp() where status = 'running' and worker like @prefix;
                delete from grace.nodes where id = @id;
                """, new { id, prefix = id + "/%" });
        }
    }

    static bool IsAlive(int pid, long started)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return Started(process) == started;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    static long Started(Process process) => new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();
}
