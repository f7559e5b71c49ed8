using Npgsql;

namespace Grace.Engine.Learning;

/// <summary>
/// The lead over the learning loop: an advisory lock on a connection of its own, which the database gives to the next node
/// when this one dies. Waiting for it costs nothing.
/// </summary>
sealed class LearningLead : IAsyncDisposable
{
    const long Key = 0x6c6561726e;
    readonly NpgsqlConnection connection;
    readonly CancellationTokenSource lost;
    readonly Task watch;

    LearningLead(NpgsqlConnection connection, CancellationToken stop)
    {
        this.connection = connection;
        lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        watch = WatchAsync();
    }

    /// <summary>Cancelled when the connection, and with it the lead, is lost, or when the node stops.</summary>
    public CancellationToken Lost => lost.Token;

    public static async Task<LearningLead> TakeAsync(NpgsqlDataSource database, CancellationToken stop)
    {
        var connection = await database.OpenConnectionAsync(stop);
        try
        {
            await using var command = new NpgsqlCommand($"select pg_advisory_lock({Key})", connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(stop);
            return new(connection, stop);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The lead, if nobody has it.</summary>
    public static async Task<LearningLead?> TryTakeAsync(NpgsqlDataSource database, CancellationToken stop)
    {
        var connection = await database.OpenConnectionAsync(stop);
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({Key})", connection);
        if ((bool)(await command.ExecuteScalarAsync(stop))!)
            return new(connection, stop);
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Nothing is ever sent on this connection: what ends the wait is its end.</summary>
    async Task WatchAsync()
    {
        try
        {
            while (!lost.IsCancellationRequested)
                await connection.WaitAsync(lost.Token);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            await lost.CancelAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await lost.CancelAsync();
        await watch;
        // The pool would keep the session, and the session the lock.
        if (connection.State == System.Data.ConnectionState.Open)
            await using (var release = new NpgsqlCommand($"select pg_advisory_unlock({Key})", connection))
                await Quiet(release);
        await connection.DisposeAsync();
        lost.Dispose();
    }

    static async Task Quiet(NpgsqlCommand release)
    {
        try
        {
            await release.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // The session is gone, and the lock with it.
        }
    }
}
