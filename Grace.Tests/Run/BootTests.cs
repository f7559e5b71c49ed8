using Grace.Tests.Support;

namespace Grace.Tests.Run;

/// <summary>The specification's boot lines, each from a real check.</summary>
public class BootTests
{
    static readonly string[] Lines =
    [
        "[CHUNK 0.75] Tiered Agent Orchestrator...",
        "  [OK] Agent Orchestrator: Online",
        "  [OK] Max concurrent pipelines: 2",
        "  [OK] Pipeline phases: research → design → implement → test → deploy",
        "  [OK] Guardian oversight: Active (pause/resume/override)",
        "  [OK] Playbooks: First-class agent tools",
        "  [OK] Learning loop: Artifact feedback enabled",
        "  [OK] Immutable log: append-only by privilege and trigger",
    ];

    [Fact]
    public async Task Every_boot_line_holds_on_the_first_node_and_on_a_second_that_follows_nothing_itself()
    {
        var database = await TestPostgres.NewDatabaseAsync();
        using var one = new TestFolder();
        using var other = new TestFolder();
        await using var first = await ServerProcess.StartAsync(one.Path, database);
        await using var second = await ServerProcess.StartAsync(other.Path, database);
        Lines.ShouldBeSubsetOf(first.Said);
        Lines.ShouldBeSubsetOf(second.Said);
    }
}
