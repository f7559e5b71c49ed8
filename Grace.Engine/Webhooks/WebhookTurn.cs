using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Webhooks;

/// <summary>
/// The one turn to send, held by one node at a time: an advisory lock on a connection of its own. It ends with the process,
/// and with the connection, which both sides watch; a host that is gone gives it up within half a minute.
/// </summary>
sealed class WebhookTurn : IAsyncDisposable
{
    const long Lock = 0x67726166;
    static readonly TimeSpan Knock = TimeSpan.FromSeconds(2);
    readonly NpgsqlConnection connection;
    readonly CancellationTokenSource lost = new();
    readonly CancellationTokenSource done = new();
    readonly Task watch;

    WebhookTurn(NpgsqlConnection connection)
    {
        this.connection = connection;
        Lost = lost.Token;
        watch = WatchAsync();
    }

    /// <summary>Cancelled when another node may have the turn.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Waits for the turn.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public static async Task<WebhookTurn> TakeAsync(string connectionString, TimeProvider clock, ILogger logger, CancellationToken cancel)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "grace-webhooks", Pooling = false, KeepAlive = 5 };
        settings.Options = $"{settings.Options} -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3".Trim();
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            await using var take = new NpgsqlCommand($"select pg_try_advisory_lock({Lock})", connection);
            // A wait inside PostgreSQL would be one long statement, which keeps the database from tidying up.
            while (await take.ExecuteScalarAsync(cancel) is not true)
                await Task.Delay(Knock, clock, cancel);
            logger.LogInformation("This node sends the webhooks.");
            return new(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    async Task WatchAsync()
    {
        try
        {
            while (true)
                await connection.WaitAsync(done.Token);
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
        }
        catch (Exception)
        {
            await lost.CancelAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await done.CancelAsync();
        await watch;
        await connection.DisposeAsync();
        lost.Dispose();
        done.Dispose();
    }
}
