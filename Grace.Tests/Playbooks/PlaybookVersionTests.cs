using System.Text.Json.Nodes;
using Grace.Tests.Support;
using Grace.Engine.Playbooks;
using static Grace.Engine.Playbooks.PlaybookEvent;

namespace Grace.Tests.Playbooks;

/// <summary>The rules of a playbook's versions: given what happened, when somebody asks, then these events.</summary>
public class PlaybookVersionTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void The_first_is_in_force_and_the_same_text_again_is_nothing_new()
    {
        var one = Given(s => PlaybookDecisions.Publish(s, Text("a"), null));
        one.InForce!.Number.ShouldBe(1);
        PlaybookDecisions.Publish(one, Text("a"), null).ShouldBeEmpty();
        PlaybookDecisions.Publish(one, Text("b"), null).ShouldBe([new Published("p", 2, Text("b").Hash, "shipped", "p.yaml", true, null)]);
    }

    [Fact]
    public void What_ships_does_not_push_aside_what_a_team_made()
    {
        var state = Given(s => PlaybookDecisions.Publish(s, Text("a"), null), s => PlaybookDecisions.Publish(s, Text("b", "api"), null), s => PlaybookDecisions.Publish(s, Text("c"), null));
        state.Versions.Select(v => (v.Number, v.Status)).ShouldBe([(1, VersionStatus.Available), (2, VersionStatus.InForce), (3, VersionStatus.Available)]);
    }

    [Fact]
    public void A_repositorys_is_never_in_force_for_others() =>
        Given(s => PlaybookDecisions.Publish(s, Text("a", "repository"), null)).Versions.Single().Status.ShouldBe(VersionStatus.Available);

    [Fact]
    public void A_candidate_is_tried_and_promoted_and_the_one_before_stays_available()
    {
        var state = Given(s => PlaybookDecisions.Publish(s, Text("a"), null), s => PlaybookDecisions.Propose(s, Text("b"), 0, "because", "mission_1"));
        (state.Candidate!.Number, state.Candidate.Status, state.InForce!.Number).ShouldBe((2, VersionStatus.Proposed, 1));
        state = When(state, s => PlaybookDecisions.StartTrial(s, 2, 0.5, null));
        (state.Candidate!.Status, state.Candidate.Share).ShouldBe((VersionStatus.OnTrial, 0.5));
        PlaybookDecisions.StartTrial(state, 2, 0.5, null).ShouldBeEmpty();
        state = When(state, s => PlaybookDecisions.Promote(s, 2, "better"));
        (state.InForce!.Number, state.Candidate, state.Find(1)!.Status).ShouldBe((2, null, VersionStatus.Available));
        PlaybookDecisions.Promote(state, 2, "again").ShouldBeEmpty();
    }

    [Fact]
    public void A_bad_candidate_goes_and_what_is_in_force_stays()
    {
        var state = Given(s => PlaybookDecisions.Publish(s, Text("a"), null), s => PlaybookDecisions.Propose(s, Text("b"), 0.5, "because", null), s => PlaybookDecisions.RollBack(s, 2, "worse"));
        (state.InForce!.Number, state.Find(2)!.Status, state.LastRollback).ShouldBe((1, VersionStatus.RolledBack, Now));
        PlaybookDecisions.RollBack(state, 2, "worse").ShouldBeEmpty();
        Should.Throw<PlaybookRejected>(() => PlaybookDecisions.Propose(state, Text("b"), 0.5, "again", null)).Message.ShouldBe("This is version 2 of p, which is rolled back: worse");
    }

    [Fact]
    public void Rolling_back_what_is_in_force_goes_to_the_one_before()
    {
        var state = Given(s => PlaybookDecisions.Publish(s, Text("a"), null), s => PlaybookDecisions.Publish(s, Text("b"), null), s => PlaybookDecisions.RollBack(s, 2, "bad"));
        (state.InForce!.Number, state.Find(2)!.Status).ShouldBe((1, VersionStatus.RolledBack));
        Should.Throw<PlaybookRejected>(() => PlaybookDecisions.RollBack(state, 1, "too")).Message.ShouldContain("no version before it");
    }

    [Fact]
    public void There_is_one_candidate_at_a_time_and_none_of_nothing()
    {
        var state = Given(s => PlaybookDecisions.Publish(s, Text("a"), null), s => PlaybookDecisions.Propose(s, Text("b"), 0, "because", null));
        Should.Throw<PlaybookRejected>(() => PlaybookDecisions.Propose(state, Text("c"), 0, "because", null)).Title.ShouldBe("Another candidate is there");
        Should.Throw<PlaybookRejected>(() => PlaybookDecisions.Propose(PlaybookHistory.Unborn("p"), Text("c"), 0, "because", null)).Title.ShouldBe("Nothing to be better than");
        Should.Throw<PlaybookRejected>(() => PlaybookDecisions.Promote(state, 9, "x")).Message.ShouldBe("There is no version 9 of 'p'; there are 1, 2.");
    }

    [Fact]
    public void Every_event_can_be_read_back_and_evolves()
    {
        PlaybookEvent[] all =
        [
            new Published("p", 1, "h", "shipped", "p.yaml", true, null), new CandidateProposed("p", 2, 1, "i", "api", 0.5, "why", null), new TrialStarted("p", 2, 0.5, null),
            new Promoted("p", 2, 1, "why", new JsonObject { ["p_value"] = 0.001 }), new RolledBack("p", 2, 1, "why", null),
        ];
        all.Select(e => e.GetType()).ShouldBe(typeof(PlaybookEvent).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(PlaybookEvent))), ignoreOrder: true);
        foreach (var e in all)
        {
            var written = OnWire.Write(e);
            OnWire.Write(PlaybookEvents.Read(written.Type, written.Data)).ShouldBe(written);
        }
        PlaybookHistory.Fold("p", all.Select(e => (e, Now, (string?)"ada"))).Version.ShouldBe(5);
    }

    static PlaybookHistory Given(params Func<PlaybookHistory, IReadOnlyList<PlaybookEvent>>[] asked) => asked.Aggregate(PlaybookHistory.Unborn("p"), When);

    static PlaybookHistory When(PlaybookHistory state, Func<PlaybookHistory, IReadOnlyList<PlaybookEvent>> asked) =>
        asked(state).Aggregate(state, (s, e) => s.Evolve(e, Now, "ada"));

    static Playbook Text(string description, string source = "shipped") => PlaybookReader.Read($"id: p\nversion: 1\ndescription: {description}", "p.yaml", source);
}
