using System.Text.Json.Nodes;
using Grace.Engine.Design;
using Grace.Engine.Pipelines;

namespace Grace.Tests.Pipelines;

/// <summary>A plan that comes back, edited or not: read by its fields, and worked into the submission.</summary>
public class PlanTests
{
    [Theory]
    [InlineData("""[]""", "plan")]
    [InlineData("""{"phasess": []}""", "plan.phasess")]
    [InlineData("""{"phases": "test"}""", "plan.phases")]
    [InlineData("""{"phases": [3]}""", "plan.phases")]
    [InlineData("""{"context": []}""", "plan.context")]
    [InlineData("""{"acceptance_criteria": ["just text"]}""", "plan.acceptance_criteria[0]")]
    [InlineData("""{"acceptance_criteria": [{"text": "a"}, {"text": " "}]}""", "plan.acceptance_criteria[1].text")]
    [InlineData("""{"acceptance_criteria": [{"text": "a", "points": 3}]}""", "plan.acceptance_criteria[0].points")]
    [InlineData("""{"risks": [{"severity": "grave", "risk": "x"}]}""", "plan.risks[0].severity")]
    [InlineData("""{"risks": [{"severity": "low"}]}""", "plan.risks[0].risk")]
    [InlineData("""{"phase_reasons": [{"phase": "bake", "included": true, "reason": ""}]}""", "plan.phase_reasons[0].phase")]
    [InlineData("""{"phase_reasons": [{"phase": "test", "included": "yes", "reason": ""}]}""", "plan.phase_reasons[0].included")]
    [InlineData("""{"task": 3}""", "plan.task")]
    [InlineData("""{"task": "Build another thing"}""", "plan.task")]
    [InlineData("""{"assumptions": {}}""", "plan.assumptions")]
    public void What_is_wrong_with_a_plan_is_named_by_its_field(string plan, string field) =>
        PlannedSubmission.Of(new("Build Note(text: text)", [], null, null, JsonNode.Parse(plan))).Errors.Select(e => e.Field).ShouldBe([field]);

    [Fact]
    public void A_plan_fills_what_the_request_does_not_name_and_yields_where_it_does()
    {
        var plan = JsonNode.Parse("""
            {"task": "Build Note(text: text) ", "phases": ["research"], "context": {"language": "python", "team": "blue"}, "acceptance_criteria": [{"id": "AC-01", "text": "It works."}]}
            """);
        var (alone, none) = PlannedSubmission.Of(new("Build Note(text: text)", [], null, null, plan));
        none.ShouldBeEmpty();
        alone.Phases.ShouldBe(["research"]);
        alone.Context.ToJsonString().ShouldBe("""{"language":"python","team":"blue","acceptance_criteria":["It works."]}""");
        var (named, _) = PlannedSubmission.Of(new("Build Note(text: text)", new() { ["language"] = "csharp" }, ["research", "design"], null, plan));
        named.Phases.ShouldBe(["research", "design"]);
        (named.Context["language"]!.ToString(), named.Context["team"]!.ToString()).ShouldBe(("csharp", "blue"));
    }

    [Fact]
    public void What_only_the_plan_says_is_blamed_on_the_plan()
    {
        var given = new Submission("x", new() { ["lint"] = "sometimes" }, null, null, new JsonObject());
        PlannedSubmission.Attribute([new("phases", ""), new("context.lint", ""), new("context.language", ""), new("context.limits.minutes", ""), new("task", "")], given)
            .Select(e => e.Field).ShouldBe(["plan.phases", "context.lint", "plan.context.language", "plan.context.limits.minutes", "task"]);
    }

    [Fact]
    public void The_design_keeps_to_the_criteria_that_were_kept()
    {
        const string task = "Build Note(text: text)";
        var all = ServiceDesigner.Derive(task).AcceptanceCriteria;
        var design = ServiceDesigner.Derive(task, Kept([all[4].Text, $"  {all[0].Text.ToUpperInvariant().TrimEnd('.')}", PhaseCriteria.Of(Phase.Deploy)!]));
        design.AcceptanceCriteria.Select(c => c.Id).ShouldBe([all[0].Id, all[4].Id]);
        design.Constraints.ShouldBeEmpty();
    }

    [Fact]
    public void Criteria_that_cannot_be_tested_are_refused_by_name_and_so_is_leaving_none()
    {
        var refused = Should.Throw<TaskRefusedException>(() => ServiceDesigner.Derive("Build Note(text: text)", Kept(["The page is blue.", "GET /health answers 204."])));
        refused.Place.ShouldBe("context.acceptance_criteria");
        refused.Message.ShouldContain("'The page is blue.', 'GET /health answers 204.' cannot be tested without a model");
        Should.Throw<TaskRefusedException>(() => ServiceDesigner.Derive("Build Note(text: text)", Kept([PhaseCriteria.Of(Phase.Test)!]))).Message.ShouldContain("leave nothing");
        Should.Throw<TaskRefusedException>(() => ChosenCriteria.CheckWithoutDesign(Kept(["It is fast."]))).Value.ShouldBe("It is fast.");
        ChosenCriteria.CheckWithoutDesign(Kept([PhaseCriteria.Of(Phase.Research)!]));
    }

    static JsonObject Kept(string[] texts) => new() { ["acceptance_criteria"] = new JsonArray([.. texts.Select(t => (JsonNode)t)]) };
}
