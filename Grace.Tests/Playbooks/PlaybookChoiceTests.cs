using System.Text.Json.Nodes;
using Grace.Engine.Playbooks;

namespace Grace.Tests.Playbooks;

/// <summary>Which playbook an agent uses, and why.</summary>
public class PlaybookChoiceTests
{
    static readonly Dictionary<(string, int), PlaybookRate> Nothing = [];

    [Fact]
    public void The_usual_one_unless_something_speaks_for_another()
    {
        var choice = Choose([Named("other"), Named("usual")]);
        (choice.Playbook.Id, choice.Reason).ShouldBe(("usual", "It is the agent's usual one, and no other is proven better."));
        choice.Considered.Select(c => c!["playbook"]!.ToString()).ShouldBe(["other", "usual"]);
    }

    [Fact]
    public void One_that_is_made_for_the_context_goes_before_one_for_everything()
    {
        var python = Named("python", "suits: \"${context.language} == python\"");
        Choose([Named("usual"), python], context: new() { ["language"] = "python" }).Playbook.Id.ShouldBe("python");
        Choose([Named("usual"), python], context: new() { ["language"] = "go" }).Playbook.Id.ShouldBe("usual");
    }

    [Fact]
    public void One_whose_inputs_are_not_there_is_passed_over()
    {
        var picky = Named("usual", "inputs: { required: [design] }");
        Choose([picky, Named("other")]).Playbook.Id.ShouldBe("other");
        PlaybookChoice.Of([picky], null, "usual", [], [], Nothing).WhyNone.ShouldBe("No playbook fits: usual: it needs the input 'design'.");
    }

    [Theory]
    [InlineData(20, 19, 20, 5, "other")]
    [InlineData(3, 3, 20, 5, "usual")]
    [InlineData(20, 12, 20, 10, "usual")]
    public void Success_decides_only_beyond_chance(int runs, int good, int usualRuns, int usualGood, string chosen) =>
        Choose([Named("other"), Named("usual")], rates: new() { [("other", 1)] = new(runs, good), [("usual", 1)] = new(usualRuns, usualGood) }).Playbook.Id.ShouldBe(chosen);

    [Fact]
    public void What_the_task_asks_for_decides_alone()
    {
        PlaybookChoice.Of([Named("usual"), Named("other")], "other", "usual", [], [], Nothing).Choice!.Reason.ShouldBe("The task or the Guardian asks for it.");
        PlaybookChoice.Of([Named("usual")], "missing", "usual", [], [], Nothing).WhyNone.ShouldBe("There is no playbook 'missing'.");
    }

    [Fact]
    public void A_trial_takes_its_share_of_the_pipelines_and_always_the_same()
    {
        var ids = Enumerable.Range(0, 4000).Select(n => $"pipeline_{n}").ToList();
        var tried = ids.Where(id => PlaybookChoice.IsInTrial(id, "p", 2, 0.3)).ToList();
        tried.Count.ShouldBeInRange(1100, 1300);
        ids.Where(id => PlaybookChoice.IsInTrial(id, "p", 2, 0.3)).ShouldBe(tried);
        ids.Count(id => PlaybookChoice.IsInTrial(id, "p", 2, 1)).ShouldBe(4000);
        ids.Count(id => PlaybookChoice.IsInTrial(id, "p", 2, 0)).ShouldBe(0);
    }

    static Choice Choose(IReadOnlyList<Playbook> offered, JsonObject? context = null, Dictionary<(string, int), PlaybookRate>? rates = null) =>
        PlaybookChoice.Of(offered, null, "usual", [], context ?? [], rates ?? Nothing).Choice.ShouldNotBeNull();

    static Playbook Named(string id, string more = "") => PlaybookReader.Read($"id: {id}\nversion: 1\nphase: test\ndescription: d\n{more}", id + ".yaml");
}
