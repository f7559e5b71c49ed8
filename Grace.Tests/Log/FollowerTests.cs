using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Tests.Support;
using Npgsql;

namespace Grace.Tests.Log;

/// <summary>Marten's daemon reads by sequence and not in commit order; what that means for those who follow the log by it.</summary>
public class FollowerTests
{
    /// <summary>Longer than Marten waits before it asks whether a hole in the sequence can still be filled (3 s).</summary>
    static readonly TimeSpan PastPatience = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_follower_waits_for_an_event_whose_commit_is_late_and_passes_over_one_that_never_comes()
    {
        await using var grace = await TestGrace.StartAsync();
        await using (var lost = await grace.Get<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var never = await lost.BeginTransactionAsync())
            await RunAsync(never, "never");
        await using var connection = await grace.Get<NpgsqlDataSource>().OpenConnectionAsync();
        await using var late = await connection.BeginTransactionAsync();
        await RunAsync(late, "late");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async w =>
        {
            for (var version = 0; version < 10; version++)
            {
                await using var write = grace.Get<LogWriter>().Begin(new("ada"), Given.Noon);
                write.Append($"early-{w}", version, [new PipelineEvent.PlaybookExecuted("early", 1, "test", Phase.Research, true, 0, [])]);
                await write.CommitAsync(default);
            }
        }));
        await Task.Delay(PastPatience);
        await late.CommitAsync();

        await grace.LearnedAsync();
        var runs = (await grace.Get<PlaybookRates>().OfAsync("early", default)).Concat(await grace.Get<PlaybookRates>().OfAsync("late", default)).Sum(r => r.Undecided);
        runs.ShouldBe(41);
        (await grace.Get<PlaybookRates>().OfAsync("never", default)).ShouldBeEmpty();
    }

    /// <summary>Takes a place in the sequence, and leaves open whether it is ever filled.</summary>
    static async Task RunAsync(NpgsqlTransaction transaction, string playbook)
    {
        var (type, data) = OnWire.Write(new PipelineEvent.PlaybookExecuted(playbook, 1, "test", Phase.Research, true, 0, []));
        await using var batch = new NpgsqlBatch(transaction.Connection!, transaction) { BatchCommands = { RawEvents.Append(playbook, 0, [(type, data)], Given.Noon, new("ada")) } };
        await batch.ExecuteNonQueryAsync();
    }
}
