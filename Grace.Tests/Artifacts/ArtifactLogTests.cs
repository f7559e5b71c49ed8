using Grace.Engine.Artifacts;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Artifacts;

/// <summary>Artifacts' streams beside their pipelines', on a real database.</summary>
public class ArtifactLogTests
{
    [Fact]
    public async Task Every_artifact_has_its_stream_in_the_transaction_of_its_pipelines_events()
    {
        await using var grace = await TestGrace.StartAsync();
        var done = await grace.UntilAsync(await grace.SubmitAsync(), PipelineStatus.Completed);
        var pipeline = await grace.Get<EventLog>().ReadStreamAsync(done.Id);
        done.Artifacts.Count.ShouldBe(5);
        foreach (var made in done.Artifacts)
        {
            var stream = await grace.Get<EventLog>().ReadStreamAsync(made.ArtifactId);
            var recorded = stream.ShouldHaveSingleItem();
            recorded.Transaction.ShouldBe(pipeline.Single(e => PipelineEvents.Read(e.Type, e.Data) is PipelineEvent.ArtifactCreated created && created.ArtifactId == made.ArtifactId).Transaction);
            var artifact = Artifact.Fold(made.ArtifactId, stream);
            (artifact.PipelineId, artifact.ContentHash, artifact.Phase).ShouldBe((done.Id, made.ContentHash, made.Phase));
            artifact.Provenance.ToJsonString().ShouldBe(made.Provenance.ToJsonString());
        }
        var report = await grace.Get<LogVerifier>().VerifyAsync();
        // The pipeline, its five artifacts, and the playbook that made them.
        (report.Whole, report.Streams).ShouldBe((true, 7));
        (await grace.Get<ProofExport>().ExportAsync(done.Artifacts[0].ArtifactId)).Check().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_changed_in_an_artifacts_stream_is_found()
    {
        await using var grace = await TestGrace.StartAsync();
        var done = await grace.UntilAsync(await grace.SubmitAsync(Phase.Research), PipelineStatus.Completed);
        var id = done.Artifacts.Single().ArtifactId;
        await TestPostgres.TamperAsync(grace.ConnectionString, $"update grace.mt_events set user_name = 'eve' where stream_id = '{id}'");
        (await grace.Get<LogVerifier>().VerifyAsync()).Faults.ShouldHaveSingleItem().StreamId.ShouldBe(id);
        (await grace.Get<LogVerifier>().VerifyAsync(id)).Whole.ShouldBeFalse();
    }

    [Fact]
    public async Task A_retry_supersedes_what_the_phase_made_before()
    {
        await using var grace = await Retried.StartAsync();
        var done = await Retried.RunAsync(grace);
        var (old, next) = (done.Artifacts[0], done.Artifacts[1]);
        var artifact = await FoldAsync(grace, old.ArtifactId);
        (artifact.SupersededBy, artifact.Version).ShouldBe((next.ArtifactId, 2));
        (await FoldAsync(grace, next.ArtifactId)).SupersededBy.ShouldBeNull();
        (await grace.Get<EventLog>().ReadStreamAsync(old.ArtifactId))[1].Data.ShouldContain("\"attempt\": 2");
        (await grace.Get<LogVerifier>().VerifyAsync()).Whole.ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_reviewed_meanwhile_is_superseded_all_the_same()
    {
        await using var grace = await Retried.StartAsync();
        var done = await Retried.RunAsync(grace, between: artifact => grace.Get<ArtifactReviews>().ReviewAsync(artifact, Verdict.Questioned, "Why?", "bob"));
        var artifact = await FoldAsync(grace, done.Artifacts[0].ArtifactId);
        (artifact.SupersededBy, artifact.Review!.By, artifact.Version).ShouldBe((done.Artifacts[1].ArtifactId, "bob", 3));
    }

    [Fact]
    public async Task Reviews_and_the_retry_that_supersedes_at_once_lose_nothing_of_each_other()
    {
        await using var grace = await Retried.StartAsync();
        var (first, id) = ("", await grace.SubmitAsync(Phase.Research, Phase.Design));
        first = (await grace.UntilAsync(id, PipelineStatus.WaitingForGuardian)).Artifacts.Single().ArtifactId;
        var retry = grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Retry(Phase.Research, "again"), new("ada"));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => grace.Get<ArtifactReviews>().ReviewAsync(first, Verdict.Questioned, $"Question {i}", $"person {i % 4}")));
        await retry;
        await grace.UntilAsync(id, PipelineStatus.Completed);
        var stream = await grace.Get<EventLog>().ReadStreamAsync(first);
        stream.GroupBy(e => e.Type).Select(g => (g.Key, g.Count())).ShouldBe([("artifact.created", 1), ("artifact.reviewed", 40), ("artifact.superseded", 1)], ignoreOrder: true);
        (await grace.Get<LogVerifier>().VerifyAsync()).Whole.ShouldBeTrue();
    }

    [Fact]
    public async Task An_artifact_is_no_pipeline_though_it_has_a_stream()
    {
        await using var grace = await TestGrace.StartAsync();
        var done = await grace.UntilAsync(await grace.SubmitAsync(Phase.Research), PipelineStatus.Completed);
        var id = done.Artifacts.Single().ArtifactId;
        (await grace.Orchestrator.LoadAsync(id)).Exists.ShouldBeFalse();
        var refused = await Should.ThrowAsync<PipelineRejected>(() => grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Cancel("no"), new("ada")));
        refused.State.Exists.ShouldBeFalse();
    }

    static async Task<Artifact> FoldAsync(TestGrace grace, string id) => Artifact.Fold(id, await grace.Get<EventLog>().ReadStreamAsync(id));
}
