using System.Security.Cryptography;
using System.Text;
using Grace.Engine.Log;
using Npgsql;

namespace Grace.Engine.Learning;

/// <summary>Somebody leads the learning loop; a read side cannot be made anew under it.</summary>
public sealed class LearningLed() : Exception("A server on this database leads the learning loop; stop it first.");

/// <summary>Makes the learning loop's read side anew by reading the log from its beginning. It acts on nothing: what was decided stands in the log.</summary>
public sealed class LearningReplay(NpgsqlDataSource database, EventLog log, LearningBook book)
{
    const int Page = 1000;

    /// <summary>Each table with what makes its rows comparable; what only numbers rows is left out.</summary>
    static readonly (string Table, string Row)[] Tables =
    [
        ("playbook_runs", "t::text"), ("playbook_rates", "t::text"), ("trials", "t::text"), ("failure_sightings", "t::text"),
        ("failure_clusters", "(id, title, count, pipelines, first_at, last_at, buckets, body)::text"), ("missions", "t::text"), ("lessons", "t::text"),
    ];

    /// <param name="progress">Hears of how many events were read.</param>
    /// <exception cref="LearningLed">A node leads the loop.</exception>
    public async Task<long> RunAsync(Action<long>? progress, CancellationToken cancel)
    {
        if (await IsLedAsync(cancel))
            throw new LearningLed();
        await using (var batch = database.CreateBatch())
        {
            foreach (var (table, _) in Tables.OrderBy(t => t.Table == "failure_clusters"))
                batch.BatchCommands.Add(new($"delete from grace.{table}"));
            batch.BatchCommands.Add(new($"delete from grace.mt_event_progression where name = '{LogFollower.Progress(LearningLoop.Name)}'"));
            await batch.ExecuteNonQueryAsync(cancel);
        }
        long read = 0;
        var place = LogPlace.Start;
        for (List<Recorded> page; (page = await log.ReadAllAsync(place, Page, cancel)).Count > 0; progress?.Invoke(read += page.Count))
            foreach (var e in page)
            {
                if (LearningBook.Wants(e))
                    await book.TakeAsync(e, cancel);
                place = new(e.Transaction, e.Position);
            }
        await using var save = database.CreateCommand("insert into grace.mt_event_progression (name, last_seq_id) values ($1, $2) on conflict (name) do update set last_seq_id = excluded.last_seq_id");
        save.Parameters.Add(new() { Value = LogFollower.Progress(LearningLoop.Name) });
        save.Parameters.Add(new() { Value = place.Position });
        await save.ExecuteNonQueryAsync(cancel);
        return read;
    }

    /// <summary>Whether a node is there that may follow the log.</summary>
    async Task<bool> IsLedAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select exists (select from grace.nodes where roles like '%worker%' and seen_at > clock_timestamp() - interval '10 seconds')");
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>64 hex digits over every row: equal read sides have equal digests.</summary>
    public static async Task<string> DigestAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (table, row) in Tables)
        {
            await using var command = database.CreateCommand($"select r from (select {row} as r from grace.{table} t) rows order by r collate \"C\"");
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                hash.AppendData(Encoding.UTF8.GetBytes($"{table}\n{reader.GetString(0)}\n"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
