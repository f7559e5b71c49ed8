using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;

namespace Grace.Engine.Phases;

/// <summary>Builds, lints and tests with the language's real tools ("Test Agent").</summary>
public sealed class TestAgent : PlaybookAgent
{
    public override Phase Phase => Phase.Test;

    protected override string Playbook => "run_tests";

    protected override string Witness => "run_tests";

    protected override JsonObject Inputs(PhaseWork work) => new()
    {
        ["context"] = work.Pipeline.Context.DeepClone(),
        ["repository"] = work.Pipeline.Repository,
        // What Grace wrote must be clean; a repository of others is told about its lint, and not failed for it.
        ["lint"] = work.Context["lint"]?.DeepClone() ?? (work.Pipeline.Has(Phase.Implement) || IsStrict(work) ? "required" : "report"),
        ["packages"] = work.Context["recovery"]?["packages"]?.DeepClone(),
        ["flaky"] = work.Context["recovery"]?["flaky"]?.DeepClone(),
        ["time_limit_seconds"] = work.Context["recovery"]?["time_limit_seconds"]?.DeepClone(),
    };

    /// <summary>The Guardian's custom_validation: what would only be reported decides.</summary>
    static bool IsStrict(PhaseWork work) => work.Context["custom_validation"]?.GetValueKind() == System.Text.Json.JsonValueKind.True;

    protected override void Prove(PhaseWork work, PlaybookResult result)
    {
        if (Product(result, Phase) is not JsonObject report)
            return;
        var counts = report["counts"] as JsonObject;
        int? Count(string name) => counts?[name]?.GetValue<int>();
        var tests = (report["commands"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(c => c["name"]?.GetValue<string>() == "test" && c["replaced"]?.GetValue<bool>() != true).ToList();
        work.Proof = new(
            report["tree"]?.GetValue<string>() ?? "", string.Join(" && ", tests.Select(t => t["command"])),
            tests.Select(t => t["exit_code"]?.GetValue<int>()).Aggregate((int?)(tests.Count > 0 ? 0 : null), (worst, exit) => exit is null || worst is null ? null : worst != 0 ? worst : exit),
            Count("total"), Count("passed"), Count("failed"), Count("skipped"));
        if (Count("failed") > 0)
            work.FailedTests = new(Count("failed")!.Value, Count("total") ?? 0,
                [.. (report["failures"] as JsonArray ?? []).Take(50).Select(f => f?["id"]?.GetValue<string>() ?? "?")]);
    }
}
