using System.Text.Json;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Log;

public class VerifyTests
{
    [Fact]
    public async Task An_untouched_log_is_whole()
    {
        await using var grace = await Finished();
        var report = await grace.Grace.Get<LogVerifier>().VerifyAsync();
        report.Faults.ShouldBeEmpty();
        (report.Whole, report.Streams, report.Contents).ShouldBe((true, 7, 6));
        report.Roots.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("update grace.mt_events set data = '{\"forged\": true}' where version = 4", "changed", 4)]
    [InlineData("update grace.mt_events set user_name = 'eve' where version = 2", "changed", 2)]
    [InlineData("update grace.mt_events set timestamp = timestamp + interval '1 microsecond' where version = 3", "changed", 3)]
    [InlineData("delete from grace.mt_events where version = 5", "removed", 5)]
    [InlineData("delete from grace.mt_events where version = (select max(version) from grace.mt_events)", "removed", 0)]
    [InlineData("delete from grace.mt_events where version = (select max(version) from grace.mt_events); update grace.mt_streams set version = version - 1 where id like 'pipeline%'; update grace.pipelines set version = version - 1", "removed", 0)]
    [InlineData("insert into grace.mt_events (seq_id, id, stream_id, version, data, type) select 9999, gen_random_uuid(), stream_id, version + 1, '{}', 'forged' from grace.mt_events order by version desc limit 1; insert into grace.log_proofs (seq_id, type, prev_hash, hash) select 9999, 'forged', hash, '\\x00' from grace.log_proofs order by seq_id desc limit 1", "inserted", 0)]
    [InlineData("update grace.contents set bytes = 'other'", "changed", 0)]
    [InlineData("delete from grace.mt_events; delete from grace.mt_streams; delete from grace.pipelines", "removed", 0)]
    public async Task What_was_done_behind_its_back_is_found_and_named(string sql, string kind, long version)
    {
        await using var grace = await Finished();
        await TestPostgres.TamperAsync(grace.Grace.ConnectionString, sql);
        var report = await grace.Grace.Get<LogVerifier>().VerifyAsync();
        report.Whole.ShouldBeFalse();
        report.Faults[0].Kind.ShouldBe(kind);
        if (version > 0)
            report.Faults[0].Version.ShouldBe(version);
    }

    [Fact]
    public async Task Cutting_the_roots_as_well_is_found_by_the_root_kept_outside()
    {
        await using var grace = await Finished();
        await TestPostgres.TamperAsync(grace.Grace.ConnectionString, "delete from grace.log_roots; delete from grace.mt_events; delete from grace.mt_streams; delete from grace.pipelines");
        var report = await grace.Grace.Get<LogVerifier>().VerifyAsync();
        report.Faults.ShouldContain(f => f.StreamId == "(roots)" && f.Kind == "removed");
    }

    [Fact]
    public async Task A_bundle_proves_itself_without_a_database_and_shows_every_change()
    {
        await using var grace = await Finished();
        var bundle = await grace.Grace.Get<ProofExport>().ExportAsync(grace.Id);
        bundle = JsonSerializer.Deserialize<ProofBundle>(JsonSerializer.Serialize(bundle, Wire.Json), Wire.Json)!;
        bundle.Check().ShouldBeEmpty();
        bundle.Roots.ShouldNotBeEmpty();

        (bundle with { Events = [.. bundle.Events.Select((e, i) => i == 2 ? e with { UserName = "eve" } : e)] }).Check()[0].Kind.ShouldBe("changed");
        (bundle with { Events = [.. bundle.Events.Where((_, i) => i != 2)] }).Check()[0].Kind.ShouldBe("removed");
        (bundle with { Events = [.. bundle.Events.SkipLast(1)] }).Check()[0].Kind.ShouldBe("removed");
        (bundle with { Contents = bundle.Contents.ToDictionary(c => c.Key, _ => new byte[] { 1 }) }).Check()[0].Kind.ShouldBe("changed");
    }

    [Fact]
    public async Task A_root_that_is_sealed_while_the_log_is_verified_is_no_fault()
    {
        await using var grace = await Finished();
        var ids = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => grace.Grace.SubmitAsync()));
        foreach (var id in ids)
            await grace.Grace.UntilAsync(id, PipelineStatus.Completed);
        var seal = grace.Grace.Get<IEnumerable<Microsoft.Extensions.Hosting.IHostedService>>().OfType<Seal>().Single();
        var meanwhile = 0;
        var report = await grace.Grace.Get<LogVerifier>().VerifyAsync(progress: (_, _) =>
        {
            // On a thread of its own: the verification waits here, in the middle of its snapshot.
            Task.Run(async () =>
            {
                await grace.Grace.SubmitAsync();
                await seal.SealNowAsync(default);
            }).GetAwaiter().GetResult();
            meanwhile++;
        });
        meanwhile.ShouldBeGreaterThan(0);
        report.Faults.ShouldBeEmpty();
    }

    static async Task<Sealed> Finished()
    {
        var grace = await TestGrace.StartAsync();
        var id = await grace.SubmitAsync();
        await grace.UntilAsync(id, PipelineStatus.Completed);
        var seal = grace.Get<IEnumerable<Microsoft.Extensions.Hosting.IHostedService>>().OfType<Seal>().Single();
        // A root covers what readers may see: less than all as long as another test holds a transaction open on the same server.
        do
            await seal.SealNowAsync(default);
        while (!IsSealed(await grace.Get<ProofExport>().ExportAsync(id)));
        return new(grace, id);
    }

    static bool IsSealed(ProofBundle bundle) =>
        bundle.Roots.Any(root => root.ReadHeads().TryGetValue(bundle.StreamId, out var head) && head.Version == bundle.Events[^1].Version);

    sealed record Sealed(TestGrace Grace, string Id) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Grace.DisposeAsync();
    }
}
