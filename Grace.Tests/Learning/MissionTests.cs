using System.Text.Json.Nodes;
using Grace.Engine.Learning;
using Grace.Engine.Playbooks;
using Grace.Tests.Support;
using static Grace.Engine.Learning.MissionEvent;

namespace Grace.Tests.Learning;

/// <summary>A mission's life, and what it proposes from what it found.</summary>
public class MissionTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    static readonly Launched Task = new("mission_1", "fc_1", "it breaks", "test", "p", 1, "protocol 7 needed", ["pipeline_1"]);

    static readonly Playbook P = PlaybookReader.Read("id: p\nversion: 3\nphase: test\ndescription: d\nsteps:\n  - id: fetch\n    tool: run_command\n    with: { argv: [\"curl\"] }\n", "p.yaml");

    [Fact]
    public void A_candidate_waits_for_a_person_and_a_trial_concludes_it()
    {
        var mission = Given(new Recurring("fc_1", "it breaks", 3, 3, "often"), Task, new Gathered([], ["web"]), Proposal("playbook"));
        mission.Status.ShouldBe(MissionStatus.WaitingForApproval);
        mission = When(mission, mission.Approve("fine"));
        (mission.Status, mission.ApprovedBy).ShouldBe((MissionStatus.OnTrial, "ada"));
        mission.Approve("again").ShouldBeEmpty();
        mission = When(mission, mission.Conclude("improved", "better", null));
        mission.Conclude("worse", "late", null).ShouldBeEmpty();
        Should.Throw<MissionRejected>(() => mission.Reject("late")).Message.ShouldBe("Mission mission_1 is concluded: improved.");
    }

    [Fact]
    public void A_known_issue_is_learnt_once_somebody_agrees()
    {
        var mission = Given(Task, new Gathered([], []), Proposal("known_issue"));
        mission.Approve(null).Last().ShouldBe(new Concluded("mission_1", "learnt", "do this", null));
    }

    [Fact]
    public void A_rejection_ends_it_at_any_time_before()
    {
        Given(Task).Reject("no").Single().ShouldBe(new Concluded("mission_1", "rejected", "no", null));
        Should.Throw<MissionRejected>(() => Given(Task).Approve(null)).Title.ShouldBe("Nothing to approve");
    }

    [Fact]
    public void Every_event_can_be_read_back()
    {
        MissionEvent[] all = [new Recurring("c", "t", 1, 1, "r"), Task, new Gathered([new JsonObject { ["kind"] = "x" }], ["g"]), Proposal("playbook"), new Approved(null), new Concluded("m", "learnt", "r", null)];
        all.Select(e => e.GetType()).ShouldBe(typeof(MissionEvent).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(MissionEvent))), ignoreOrder: true);
        foreach (var e in all)
        {
            var written = OnWire.Write(e);
            OnWire.Write(MissionEvents.Read(written.Type, written.Data)).ShouldBe(written);
        }
    }

    [Fact]
    public void What_people_wrote_down_goes_first()
    {
        var (remedies, problems) = Remedy.In("# A\n```remedy\nfailure: PROTOCOL 7\nstep: fetch\nwith: { argv: [\"curl\", \"--protocol\", \"7\"] }\nbecause: since spring\n```\n", "a.md");
        problems.ShouldBeEmpty();
        var proposal = MissionProposal.Of(new("protocol 7 needed", P, "fetch", remedies, [new("x", Grace.Engine.Pipelines.Phase.Test, "fix_formatting", null, null, "helped")]))!;
        (proposal.Kind, proposal.Lesson).ShouldBe(("playbook", "since spring (from a.md)"));
        var changed = PlaybookReader.Read(proposal.Yaml!, "p.yaml");
        (changed.Version, changed.Lessons.Single()).ShouldBe((4, "since spring (from a.md)"));
        changed.Steps.Single().With["argv"]!.ToJsonString().ShouldBe("""["curl","--protocol","7"]""");
    }

    [Fact]
    public void What_helped_before_comes_next_and_trying_again_last()
    {
        MissionProposal.Of(new("boom", P, "fetch", [], [new("x", Grace.Engine.Pipelines.Phase.Test, "fix_formatting", null, null, "helped")]))!.Fix.ShouldBe("fix_formatting");
        var overridden = MissionProposal.Of(new("boom", P, "fetch", [], [new("x", Grace.Engine.Pipelines.Phase.Test, null, new JsonObject { ["lint"] = "off" }, "ada", "helped")]))!;
        (overridden.Kind, overridden.Fix, overridden.Context!.ToJsonString()).ShouldBe(("known_issue", MissionProposal.ApplyLesson, """{"lint":"off"}"""));
        var retry = MissionProposal.Of(new("curl: (28) Operation timed out", P, "fetch", [], []))!;
        PlaybookReader.Read(retry.Yaml!, "p.yaml").Steps.Single().Attempts.ShouldBe(3);
        MissionProposal.Of(new("boom", P, "fetch", [], [])).ShouldBeNull();
    }

    [Theory]
    [InlineData("failure: abc\nstep: s", "a.md: a remedy needs failure (4 characters or more) and step.")]
    [InlineData("failure: [", "a.md: a remedy cannot be read")]
    public void A_remedy_that_cannot_be_used_is_named(string block, string problem) =>
        Remedy.In($"```remedy\n{block}\n```\n", "a.md").Problems.Single().ShouldStartWith(problem);

    [Fact]
    public void Nothing_that_people_watch_over_is_a_lesson() =>
        PastRemedies.Lesson(new JsonObject { ["skip_tests"] = true, ["approvals"] = new JsonArray(), ["deployment_environment"] = "production", ["framework"] = "x" }).ToJsonString().ShouldBe("""{"framework":"x"}""");

    static Proposed Proposal(string kind) => new(kind, "do this", ["because"], kind == "playbook" ? "p" : null, kind == "playbook" ? 2 : null, kind == "playbook" ? null : "fix_formatting", null);

    static Mission Given(params MissionEvent[] history) => Mission.Fold("mission_1", history.Select(e => (e, Now, (string?)"system")));

    static Mission When(Mission mission, IEnumerable<MissionEvent> events) => events.Aggregate(mission, (m, e) => m.Evolve(e, Now, "ada"));
}
