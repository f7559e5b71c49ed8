using System.Text.Json.Nodes;
using Grace.Engine.Playbooks;
using Grace.Engine.Tools;

namespace Grace.Tests.Playbooks;

/// <summary>What is found wrong with a playbook before it runs.</summary>
public class PlaybookCheckTests
{
    static readonly ToolBox Tools = new([new CommitWorkspaceTool(), new OpenRepositoryTool()]);

    [Theory]
    [InlineData("  - id: a\n    tool: comit", "5: step 'a': there is no tool 'comit'; there are commit_workspace, open_repository")]
    [InlineData("  - id: a\n    tool: commit_workspace", "5: step 'a': commit_workspace needs 'message'")]
    [InlineData("  - id: a\n    tool: commit_workspace\n    with: { massage: x, message: y }", "5: step 'a': commit_workspace takes no 'massage'; it takes message")]
    [InlineData("  - id: a\n    tool: commit_workspace\n    with: { message: 7 }", "5: step 'a': 'message' of commit_workspace does not fit: it: StringExpected")]
    [InlineData("  - id: a\n    tool: commit_workspace\n    with: { message: \"${steps.b.output}\" }", "5: step 'a': ${steps.b.output} names no step before it; there are none")]
    [InlineData("  - id: a\n    tool: commit_workspace\n    with: { message: \"${inputs.other}\" }", "5: step 'a': ${inputs.other} is no input; there are task")]
    [InlineData("  - id: a\n    tool: commit_workspace\n    with: { message: \"${item}\" }", "5: step 'a': ${item} is only there in a step with 'each'")]
    [InlineData("  - id: a\n    playbook: other", "5: step 'a': there is no playbook 'other'; there are mine")]
    [InlineData("  []", "1: it has no steps, so it would do nothing")]
    public void Problems_name_the_line_and_what_is_allowed(string steps, string problem)
    {
        var playbook = PlaybookReader.Read($"id: mine\nversion: 1\ndescription: d\nsteps:\n{steps}\ninputs: {{ properties: {{ task: {{ type: string }} }} }}\n", "mine.yaml");
        PlaybookCheck.Of(playbook, Tools, ["mine"]).Select(p => $"{p.Line}: {p.Message}").ShouldBe([problem]);
    }

    [Fact]
    public void A_phases_playbook_has_to_hand_over_what_the_phase_produces() =>
        PlaybookCheck.Of(PlaybookReader.Read("id: mine\nversion: 1\nphase: test\ndescription: d\nsteps:\n  - id: a\n    tool: open_repository\n", "mine.yaml"), Tools, [])
            .Single().Message.ShouldBe("a playbook for test hands over a test_results; its artifacts name none");

    [Theory]
    [InlineData("inputs: []", "'inputs' is a mapping")]
    [InlineData("steps:\n  - id: A\n    tool: t", "step id is 'A'")]
    [InlineData("steps:\n  - id: a\n    tool: t\n    retry: { attempts: 50 }", "attempts is '50'; allowed is a whole number from 1 to 10")]
    [InlineData("steps: nothing", "'steps' is a list")]
    [InlineData("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]", "it has more than 20000 nodes")]
    public void What_cannot_be_read_is_refused(string rest, string why) =>
        Should.Throw<PlaybookInvalid>(() => PlaybookReader.Read($"id: mine\nversion: 1\ndescription: d\n{rest}\n", "mine.yaml")).Message.ShouldContain(why);

    [Fact]
    public void Inputs_that_do_not_fit_are_named()
    {
        var schema = (JsonObject)JsonNode.Parse("""{"type":"object","required":["task"],"properties":{"task":{"type":"string"},"lint":{"enum":["auto","off"]}}}""")!;
        JsonSchemas.WhyNotFit(schema, new JsonObject { ["lint"] = "loud", ["task"] = null }).ShouldBe(["'task' is missing", "lint is none of auto, off"], ignoreOrder: true);
        JsonSchemas.WhyNotFit(schema, new JsonObject { ["task"] = "x", ["lint"] = null }).ShouldBeEmpty();
    }
}
