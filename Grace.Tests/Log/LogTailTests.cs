using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Npgsql;

namespace Grace.Tests.Log;

/// <summary>The live end, which takes what is committed here as it is, and reads what is committed elsewhere.</summary>
public class LogTailTests
{
    static readonly Origin Ada = new("ada");

    [Fact]
    public async Task What_nothing_can_lie_before_is_taken_without_reading_it_again()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var tail = grace.Get<LogTail>();
        Appended first, second = await HereAsync(grace, "s", 0);
        var version = 1;
        // Something can lie before as long as another test holds a transaction open on the same server.
        List<Recorded> seen = [];
        do
        {
            (first, second) = (second, await HereAsync(grace, "s", version++));
            if (first.Events.Count > 0 && second.Events.Count > 0)
                seen = await TakeAsync(tail, first.Previous, 2);
        }
        while (version < 500 && (seen.Count == 0 || second.Previous != first.Events[0].Place || !ReferenceEquals(seen[1], second.Events[0])));
        seen.SequenceEqual([.. first.Events, .. second.Events], Comparer).ShouldBeTrue();
        ReferenceEquals(seen[1], second.Events[0]).ShouldBeTrue();
    }

    [Fact]
    public async Task What_an_older_transaction_may_still_precede_is_left_to_be_read()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var place = await grace.NewestAsync();
        await using var connection = await grace.Get<NpgsqlDataSource>().OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using (var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { Append("slow", 0) } })
                await batch.ExecuteNonQueryAsync();
            (await HereAsync(grace, "fast", 0)).Events.ShouldBeEmpty();
            await transaction.CommitAsync();
        }
        (await TakeAsync(grace.Get<LogTail>(), place, 2)).Select(e => e.StreamId).ShouldBe(["slow", "fast"]);
    }

    [Fact]
    public async Task What_is_committed_here_and_elsewhere_at_once_comes_in_the_log_s_order_each_once()
    {
        const int Writers = 4, Each = 40;
        await using var grace = await TestGrace.StartAsync(worker: false);
        var place = await grace.NewestAsync();
        var seen = TakeAsync(grace.Get<LogTail>(), place, 2 * Writers * Each);
        await Task.WhenAll(Enumerable.Range(0, Writers).SelectMany(w => new[]
        {
            Task.Run(async () =>
            {
                for (var version = 0; version < Each; version++)
                    await HereAsync(grace, $"here-{w}", version);
            }),
            Task.Run(async () =>
            {
                for (var version = 0; version < Each; version++)
                {
                    await using var connection = await grace.Get<NpgsqlDataSource>().OpenConnectionAsync();
                    await using var transaction = await connection.BeginTransactionAsync();
                    await using (var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { Append($"elsewhere-{w}", version) } })
                        await batch.ExecuteNonQueryAsync();
                    await transaction.CommitAsync();
                }
            }),
        }));
        (await seen).Select(e => e.Place).ShouldBe((await grace.Get<EventLog>().ReadAllAsync(place, 10_000)).Select(e => e.Place));
    }

    static IEqualityComparer<Recorded> Comparer { get; } = EqualityComparer<Recorded>.Create((a, b) => a!.Place == b!.Place && a.Data == b.Data && a.Hash.SequenceEqual(b.Hash));

    static NpgsqlBatchCommand Append(string stream, long version) => RawEvents.Append(stream, version, [("test.event", """{"b": 1, "a": 2}""")], Given.Noon, Ada);

    /// <summary>As every command does.</summary>
    static async Task<Appended> HereAsync(TestGrace grace, string stream, long version)
    {
        await using var write = grace.Get<LogWriter>().Begin(Ada, Given.Noon);
        write.Append(stream, version, [new PipelineEvent.Started()]);
        return await write.CommitAsync(default);
    }

    static async Task<List<Recorded>> TakeAsync(LogTail tail, LogPlace after, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        List<Recorded> seen = [];
        await foreach (var e in tail.FollowAsync(after, patience.Token))
        {
            seen.Add(e);
            if (seen.Count == count)
                break;
        }
        return seen;
    }
}
