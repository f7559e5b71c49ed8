using Grace.Engine.Artifacts;
using Grace.Engine.Feed;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using static Grace.Engine.Artifacts.ArtifactEvent;

namespace Grace.Tests.Artifacts;

/// <summary>What artifacts' streams are told, and what they tell: pure.</summary>
public class ArtifactStreamTests
{
    const string PipelineId = "pipeline_1";

    [Fact]
    public void What_a_phase_makes_begins_a_stream_that_tells_where_it_comes_from()
    {
        var given = Given.APipeline(null, Phase.Research).Taken();
        var change = ArtifactStreams.Derive(given.State, given.PhaseMakes("doc_1").Events).ShouldHaveSingleItem();
        change.ArtifactId.ShouldBe("doc_1");
        var created = change.Change.ShouldBeOfType<Created>();
        (created.PipelineId, created.ArtifactType, created.Phase, created.Attempt, created.ContentHash).ShouldBe((PipelineId, "research_doc", Phase.Research, 1, "sha256:00"));
        ArtifactStreams.OlderIds([change]).ShouldBeEmpty();
    }

    [Fact]
    public void What_makes_no_artifact_tells_no_stream()
    {
        var given = Given.APipeline();
        ArtifactStreams.Derive(given.State, given.Taken().Events).ShouldBeEmpty();
    }

    [Fact]
    public void A_newer_attempt_supersedes_what_the_phase_made_of_the_type_before_and_nothing_else()
    {
        var given = Given.APipeline(null, Phase.Research, Phase.Design, Phase.Implement).Taken().PhaseMakes("doc_1").PhaseMakes("spec_1");
        given.When(new PipelineCommand.Cancel("enough")).When(new PipelineCommand.Retry(Phase.Design, "again")).Taken();
        var changes = ArtifactStreams.Derive(given.State, given.PhaseMakes("spec_2").Events);
        changes.Select(c => c.ArtifactId).ShouldBe(["spec_1", "spec_2"]);
        changes[0].Change.ShouldBe(new Superseded(PipelineId, "spec_2", 2));
        ArtifactStreams.OlderIds(changes).ShouldBe(["spec_1"]);
    }

    [Fact]
    public void Of_two_of_a_type_made_at_once_the_last_counts()
    {
        var given = Given.APipeline(null, Phase.Research).Taken();
        var changes = ArtifactStreams.Derive(given.State, given.PhaseMakes("doc_1", "doc_2").Events);
        changes.Select(c => (c.ArtifactId, c.Change.GetType())).ShouldBe([("doc_1", typeof(Created)), ("doc_1", typeof(Superseded)), ("doc_2", typeof(Created))]);
        ArtifactStreams.OlderIds(changes).ShouldBeEmpty("both streams begin in this very append");
    }

    [Fact]
    public void An_artifact_is_what_its_events_say()
    {
        var created = new Created(PipelineId, "code", Phase.Implement, 1, "sha256:00", 10, "application/json", [], new() { ["attempt"] = 1 });
        var made = Artifact.Fold("code_1", [(created, Given.Noon)]);
        (made.Id, made.Version, made.PipelineId, made.CreatedAt, made.SupersededBy, made.Review).ShouldBe(("code_1", 1, PipelineId, Given.Noon, null, null));

        var questioned = made.Decide(Verdict.Questioned, "Why no index?", "ada").ShouldHaveSingleItem();
        made = made.Evolve(questioned, Given.Noon.AddMinutes(1));
        made.Review.ShouldBe(new Review(Verdict.Questioned, "Why no index?", "ada", Given.Noon.AddMinutes(1)));
        made.Decide(Verdict.Questioned, "Why no index?", "ada").ShouldBeEmpty("it was said already");
        made.Decide(Verdict.Questioned, "Why no index?", "bob").ShouldHaveSingleItem();

        made = made.Evolve(new Superseded(PipelineId, "code_2", 2), Given.Noon.AddMinutes(2));
        (made.Version, made.SupersededBy, made.Review!.By).ShouldBe((3, "code_2", "ada"));
    }

    [Fact]
    public void Every_event_has_its_wire_form_and_none_is_a_pipelines()
    {
        ArtifactEvent[] all =
        [
            new Created(PipelineId, "code", Phase.Implement, 1, "sha256:00", 10, "application/json", [], []),
            new Superseded(PipelineId, "code_2", 2), new Reviewed(PipelineId, Verdict.Accepted, null, "ada"),
        ];
        all.Select(e => e.GetType()).ShouldBe(typeof(ArtifactEvent).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(ArtifactEvent))), ignoreOrder: true);
        foreach (var change in all)
        {
            var written = OnWire.Write(change);
            ArtifactEvents.Read(written.Type, written.Data).ShouldBeEquivalentTo(change);
            ArtifactEvents.Has(written.Type).ShouldBeTrue();
            EventNames.Severity(written.Type).ShouldBeOneOf("low", "medium", "high");
        }
        all.Select(ArtifactEvents.Name).ShouldBe(["artifact.created", "artifact.superseded", "artifact.reviewed"], "wire names never change");
        OnWire.Write(all[2]).Data.ShouldBe("""{"pipeline_id":"pipeline_1","verdict":"accepted","by":"ada"}""");
        PipelineEvents.Known.Select(t => t.Name).Count(name => name is "Superseded" or "Reviewed").ShouldBe(0);
    }
}
