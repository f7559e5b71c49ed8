using System.Text.Json.Nodes;
using Grace.Engine.Orchestration;
using Grace.Engine.Phases;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Guardian;

/// <summary>A task that asks for what templates cannot give waits for a person before it is designed.</summary>
public class OpenQuestionTests
{
    const string Compiler = "Write a compiler";

    [Fact]
    public async Task It_is_said_when_it_is_submitted_asked_before_the_design_and_approving_goes_on()
    {
        await using var grace = await TestGrace.StartAsync();
        var submitted = await grace.Get<Submissions>().SubmitAsync(new(Compiler, [], null, null), "ada", null);
        submitted.Question!.ShouldContain("only a data service would come, keeping Compiler(name, description)");
        var waiting = await grace.UntilAsync(submitted.Id, PipelineStatus.WaitingForGuardian);
        (waiting.Waiting!.Phase, waiting.Waiting.Reason).ShouldBe((Phase.Design, submitted.Question));
        waiting[Phase.Research].Status.ShouldBe(PhaseStatus.Completed);
        await grace.Orchestrator.ExecuteAsync(submitted.Id, new PipelineCommand.Approve("bob", null, waiting.Waiting.ApprovalId), new("bob"));
        (await grace.UntilAsync(submitted.Id, p => p.Status.IsFinal())).Status.ShouldBe(PipelineStatus.Completed);
    }

    [Fact]
    public async Task Saying_which_data_there_is_before_it_asks_answers_it()
    {
        var gate = new TaskCompletionSource();
        await using var grace = await TestGrace.StartAsync(gate: work => work.Pipeline.CurrentPhase == Phase.Research ? gate.Task : Task.CompletedTask);
        var id = (await grace.Get<Submissions>().SubmitAsync(new(Compiler, [], ["research", "design"], null), "ada", null)).Id;
        await grace.UntilAsync(id, PipelineStatus.Running);
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Override(new() { ["resources"] = "Token(kind: string)" }, "that is it"), new("ada"));
        gate.SetResult();
        (await grace.UntilAsync(id, p => p.Status.IsFinal() || p.Waiting is not null)).Status.ShouldBe(PipelineStatus.Completed);
    }

    [Theory]
    [InlineData("Write a compiler", """["research"]""", "{}", false)]
    [InlineData("Write a compiler", """["implement", "test"]""", "{}", true)]
    [InlineData("Write a compiler", null, """{"resources": "Token(kind: string)"}""", false)]
    [InlineData("Build a note service: Note(text: text)", null, "{}", false)]
    public async Task Only_what_would_be_built_otherwise_than_asked_for_is_asked_about(string task, string? phases, string context, bool asks)
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var named = phases is null ? null : JsonNode.Parse(phases)!.AsArray().Select(p => p!.ToString()).ToList();
        ((await grace.Get<Submissions>().SubmitAsync(new(task, JsonNode.Parse(context)!.AsObject(), named, null), "ada", null)).Question is not null).ShouldBe(asks);
    }

    [Fact]
    public async Task A_plan_asks_it_and_settling_it_there_is_an_answer()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var plan = await grace.Get<SeniorDeveloper>().PlanAsync(new(Compiler, []));
        var question = (await Submit(plan)).Question!;
        plan.OpenQuestions!.ShouldContain(question);
        (await Submit(plan with { OpenQuestions = [.. plan.OpenQuestions!.Where(q => q != question)] })).Question.ShouldBeNull();
        (await Submit(plan with { OpenQuestions = null })).Question.ShouldBe(question);

        Task<Pipeline> Submit(Plan given) => grace.Get<Submissions>().SubmitAsync(new(Compiler, [], null, null, given.ToJson()), "ada", null);
    }
}
