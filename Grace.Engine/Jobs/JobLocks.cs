using System.Diagnostics;
using Hangfire.PostgreSql;
using Hangfire.Storage;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>
/// Hangfire's storage with another lock. Its own is a row that is put in and taken out again, twice for every job: five round
/// trips and two commits each, and a killed process leaves it behind. An advisory lock takes two, writes nothing, and ends
/// with the connection that holds it.
/// </summary>
sealed class JobLocks(IConnectionFactory connections, PostgreSqlStorageOptions options, NpgsqlDataSource locks) : PostgreSqlStorage(connections, options)
{
    /// <summary>Keeps the keys apart from those of others in the same database.</summary>
    const long Seed = 0x6772616a;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public override IStorageConnection GetConnection() => new Connection(this, locks);

    sealed class Connection(PostgreSqlStorage storage, NpgsqlDataSource locks) : PostgreSqlConnection(storage)
    {
        readonly Dictionary<string, Held> held = [];

        /// <summary>Whoever has the lock already gets it once more, as Hangfire expects.</summary>
        public override IDisposable AcquireDistributedLock(string resource, TimeSpan timeout)
        {
            if (!held.TryGetValue(resource, out var mine))
                held[resource] = mine = new(this, resource, Acquire(resource, timeout));
            mine.Times++;
            return mine;
        }

        NpgsqlConnection Acquire(string resource, TimeSpan timeout)
        {
            var connection = locks.OpenConnection();
            try
            {
                for (var began = Stopwatch.GetTimestamp(); !Ask(connection, "pg_try_advisory_lock", resource); Thread.Sleep(Pause))
                    if (Stopwatch.GetElapsedTime(began) > timeout)
                        throw new DistributedLockTimeoutException(resource);
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }

        void Release(string resource, NpgsqlConnection connection)
        {
            held.Remove(resource);
            using (connection)
                if (!Ask(connection, "pg_advisory_unlock", resource))
                    throw new InvalidOperationException($"The lock on {resource} was lost.");
        }

        static bool Ask(NpgsqlConnection connection, string function, string resource)
        {
            using var command = new NpgsqlCommand($"select {function}(hashtextextended($1, {Seed}))", connection) { Parameters = { new() { Value = resource } } };
            return command.ExecuteScalar() is true;
        }

        sealed class Held(Connection owner, string resource, NpgsqlConnection connection) : IDisposable
        {
            public int Times { get; set; }

            public void Dispose()
            {
                if (--Times == 0)
                    owner.Release(resource, connection);
            }
        }
    }
}
