using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>This process among those that serve the database. Its name tells a recycled pid apart.</summary>
public sealed class ThisNode(NpgsqlDataSource database, IHostApplicationLifetime lifetime)
{
    static readonly Process Self = Process.GetCurrentProcess();

    public string Id { get; } = $"{Environment.MachineName}:{Self.Id}:{Started(Self)}";

    /// <summary>Cancelled as soon as an orderly stop begins.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    public async Task RegisterAsync(string roles, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync("""
            insert into grace.nodes (id, host, pid, process_started, roles, started_at, seen_at)
            values (@Id, @host, @pid, @started, @roles, now(), now())
            """, new { Id, host = Environment.MachineName, pid = Self.Id, started = Started(Self), roles });
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
        var others = await connection.QueryAsync<(string Id, int Pid, long ProcessStarted)>(
            "select id, pid, process_started from grace.nodes where host = @host and id <> @Id", new { host = Environment.MachineName, Id });
        foreach (var (id, pid, started) in others)
        {
            if (IsAlive(pid, started))
                continue;
            await connection.ExecuteAsync("""
                update grace.pipelines set lease_until = clock_timestamp() where status = 'running' and worker like @prefix;
                update grace.slots set held_until = clock_timestamp() where node = @id;
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
