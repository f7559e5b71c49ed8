using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grace.Engine.Design;
using Grace.Engine.Phases;
using Grace.Engine.Pipelines;
using Grace.Tests.Design;

namespace Grace.Tests.Phases;

/// <summary>The Senior Developer Agent's plan as rules make it: given a request and what was looked up, a plan.</summary>
public class PlannerTests
{
    static readonly Vocabulary Known = new(
        new Dictionary<string, IReadOnlyList<string>> { ["csharp"] = ["aspnetcore"], ["python"] = [] }, ["local", "production"], () => new Dictionary<string, Phase?>());

    static readonly RepositoryFacts Tested = new(true, ["npm"], SaysHowItStarts: false);

    static Plan Make(string task, JsonObject? context = null, PlanFacts? facts = null, string? repository = null, string[]? phases = null)
    {
        facts ??= PlanFacts.None;
        return Planner.Write(Planner.WithDesign(Planner.Draft(new(task, context ?? [], phases, repository), facts, Known)), facts, Known);
    }

    [Theory]
    [InlineData("Build a bookmark service: Bookmark(title: string)", "research design implement test deploy")]
    [InlineData("Build a bookmark service but do not deploy it", "research design implement test")]
    [InlineData("Research Kubernetes autoscaling best practices", "research")]
    [InlineData("What speaks for keyset paging?", "research")]
    [InlineData("Research paging, then build a note service", "research design implement test deploy")]
    [InlineData("Research(topic: string)", "research design implement test deploy")]
    [InlineData("Design a booking system", "research design")]
    public void The_tasks_words_say_which_phases_it_needs(string task, string phases)
    {
        var plan = Make(task);
        string.Join(' ', plan.Phases!).ShouldBe(phases);
        plan.PhaseReasons!.Select(r => (r.Phase, r.Included)).ShouldBe(PhaseOrder.All.Select(p => (p.Name(), phases.Contains(p.Name()))));
        plan.PhaseReasons!.ShouldAllBe(r => r.Included || r.Reason.StartsWith("Left out"));
    }

    [Fact]
    public void A_repository_is_researched_and_tested_and_the_plan_says_why_it_is_not_changed()
    {
        var plan = Make("Fix the build and deploy it", facts: PlanFacts.None with { Repository = Tested }, repository: "/somewhere");
        plan.Phases!.ShouldBe(["research", "test"]);
        plan.PhaseReasons!.Single(r => r.Phase == "implement").Reason.ShouldContain("without a model");
        plan.PhaseReasons!.Single(r => r.Phase == "deploy").Reason.ShouldContain("grace-service.json");
        plan.PhaseReasons!.Single(r => r.Phase == "test").Reason.ShouldContain("npm");
        plan.AcceptanceCriteria!.Select(c => c.Id).ShouldBe([null, null]);
        Make("Deploy it", facts: PlanFacts.None with { Repository = Tested with { SaysHowItStarts = true } }, repository: "/somewhere").Phases!.ShouldBe(["research", "test", "deploy"]);
    }

    [Fact]
    public void What_cannot_be_had_is_taken_out_and_said_and_never_passed_over()
    {
        var plan = Make("Build Note(text: text)", new() { ["language"] = "cobol", ["framework"] = "cics" });
        plan.Context!["language"]!.ToString().ShouldBe("csharp");
        plan.Context.ContainsKey("framework").ShouldBeFalse();
        plan.Risks!.Where(r => r.Severity == "high").Select(r => r.Risk).ShouldContain(r => r.Contains("\"cobol\""));
        plan.Assumptions!.ShouldContain(a => a.StartsWith("framework \"cics\" was taken out"));
        plan.OpenQuestions!.ShouldContain(q => q.Contains("csharp"));
    }

    [Fact]
    public void Risks_follow_from_what_was_looked_up_and_the_worst_comes_first()
    {
        var facts = new PlanFacts(false, ["dotnet"], NeedsApproval: true, RequesterMayApprove: false, null, [new("gone.md", "There is no such file.", "Check the path.")]);
        var plan = Make("Build a login service: Login(name: string)", new() { ["sources"] = new JsonArray("web"), ["deployment_environment"] = "production", ["limits"] = new JsonObject { ["attempts"] = 2 } }, facts);
        var risks = string.Join('\n', plan.Risks!.Select(r => r.Risk));
        foreach (var part in new[] { "dotnet is not installed", "no web search is configured", "gone.md", "production waits for a person's approval, and not that of whoever asked", "limit of 2 attempts", "'login'" })
            risks.ShouldContain(part);
        plan.Risks!.Select(r => r.Severity).ShouldBe(plan.Risks!.Select(r => r.Severity).OrderBy(s => s switch { "high" => 0, "medium" => 1, _ => 2 }));
        Make("Build Note(text: text)", facts: new(true, [], false, true, null, [])).Risks!.ShouldBeEmpty();
    }

    [Fact]
    public void A_repository_without_tests_is_a_risk_and_one_that_was_not_looked_into_is_not_judged()
    {
        Make("Check it", facts: PlanFacts.None with { Repository = Tested with { Ecosystems = [] } }, repository: "/r").Risks!
            .ShouldContain(r => r.Severity == "high" && r.Risk.StartsWith("The repository has no test command"));
        Make("Check it", facts: PlanFacts.None with { Repository = new(false, [], false) }, repository: "https://x.test/r.git").Risks!.ShouldAllBe(r => r.Severity == "low");
    }

    [Fact]
    public void A_task_without_data_is_planned_with_its_assumption_and_the_question()
    {
        var plan = Make("Build something for our team");
        plan.Assumptions!.ShouldContain(a => a.StartsWith("The task declares no data"));
        plan.OpenQuestions!.ShouldContain(q => q.StartsWith("Which data"));
        plan.OpenQuestions![0].ShouldContain("only a data service would come, keeping Something(name, description)");
        plan.Risks!.ShouldContain(r => r.Severity == "high" && r.Risk.Contains("only a data service would come"));
        Make("Research compilers").OpenQuestions!.ShouldBeEmpty();
        plan.Note!.ShouldContain("without a model");
    }

    [Property(MaxTest = 300)]
    public Property What_is_planned_is_always_accepted_and_its_criteria_are_all_tested() => Prop.ForAll(Requests(), asked =>
    {
        var draft = Planner.Draft(asked, PlanFacts.None, Known);
        if (SubmissionRules.Check(new(asked.Task, draft.Context, [.. draft.Phases.Select(p => p.Name())], asked.Repository), Known).Errors.Count > 0)
            return true;
        try
        {
            draft = Planner.WithDesign(draft);
        }
        catch (TaskRefusedException)
        {
            return true;
        }
        // Over the wire and back.
        var plan = JsonNode.Parse(Planner.Write(draft, PlanFacts.None, Known).ToJson().ToJsonString());
        var (wanted, errors) = PlannedSubmission.Of(new(asked.Task, [], null, null, plan));
        errors.ShouldBeEmpty();
        var (phases, wrong) = SubmissionRules.Check(wanted, Known);
        wrong.ShouldBeEmpty();
        phases.ShouldBe(draft.Phases);
        if (draft.Design is { } design)
            ServiceDesigner.Derive(wanted.Task, wanted.Context).AcceptanceCriteria.Select(c => c.Text).ShouldBe(design.AcceptanceCriteria.Select(c => c.Text));
        else
            ChosenCriteria.CheckWithoutDesign(wanted.Context);
        return true;
    });

    static Arbitrary<PlanRequest> Requests() =>
        (from task in Gen.OneOf(Tasks.Declared().Generator, Gen.Elements("Research paging", "Design a shop", "Build something", "What now?", "  Check  this ", "Ship it without deployment"))
         from repository in Gen.Elements(null, null, "/a/repository")
         from phases in Gen.OneOf(Gen.Constant<IReadOnlyList<Phase>?>(null), Gen.SubListOf(PhaseOrder.All.ToArray()).Select(p => (IReadOnlyList<Phase>?)[.. p.Order()]))
         from language in Gen.Elements<JsonNode?>(null, "python", "Csharp", "cobol", 7)
         from framework in Gen.Elements(null, null, "aspnetcore", "django")
         from environment in Gen.Elements(null, "local", "production")
         from approvals in Gen.Elements(null, """["deploy", "deploy"]""", """[]""")
         from free in Gen.Elements(null, "text with \"quotes\" and ümlauts", "null")
         select new PlanRequest(task, Context(language, framework, environment, approvals, free), phases is { Count: > 0 } ? [.. phases.Select(p => p.Name())] : null, repository)).ToArbitrary();

    static JsonObject Context(JsonNode? language, string? framework, string? environment, string? approvals, string? free)
    {
        JsonObject context = [];
        foreach (var (key, value) in new[] { ("language", language?.DeepClone()), ("framework", framework), ("deployment_environment", environment), ("approvals", approvals is null ? null : JsonNode.Parse(approvals)), ("team", (JsonNode?)free) })
            if (value is not null)
                context[key] = value;
        return context;
    }
}
