using Grace.Tests.Run;
using Grace.Tests.Support;

namespace Grace.Tests.Crash;

/// <summary>The crash harness itself, as anybody can run it, with a small load.</summary>
public class ChaosTests
{
    [Fact]
    public async Task Nodes_killed_and_frozen_a_database_killed_and_a_full_disk_lose_and_double_nothing()
    {
        using var data = new TestFolder();
        var run = await GraceCommand.RunAsync("bench", "chaos", "--kills", "3", "--pipelines", "8", "--whole", "1", "--language", "python", "--seed", "3", "--data", data.Path);
        run.Exit.ShouldBe(0, run.Output + run.Errors);
        run.Output.ShouldContain("none lost, none doubled");
        run.Output.ShouldContain("harm: 3 nodes killed, 1 times PostgreSQL, 1 nodes frozen");
    }
}
