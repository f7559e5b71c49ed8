namespace Grace.Engine.Pipelines;

/// <summary>No green without proof: the one place that decides whether a phase may call itself complete.</summary>
public static class ProofGate
{
    /// <summary>Why the report does not prove the phase complete; null when it does.</summary>
    public static string? WhyNotComplete(Pipeline state, Phase phase, PhaseReport report)
    {
        if (report.Playbooks.Count == 0)
            return $"The {phase.Name()} phase used no playbook, so nothing was done.";
        if (report.Playbooks.FirstOrDefault(run => run.Error is not null) is { } failed)
            return $"Playbook {failed.PlaybookId} failed: {failed.Error}";
        if (!report.Artifacts.Any(a => a.ArtifactType == phase.Produces() && a.Size > 0))
            return $"The {phase.Name()} phase produced no {phase.Produces()}, so it is not complete.";
        return phase switch
        {
            Phase.Research or Phase.Design => null,
            Phase.Implement => report.Proof is { Tree.Length: > 0 } ? null : "The implement phase names no tree, so nobody can tell what was written.",
            Phase.Test => WhyNotPassed(state, report.Proof),
            Phase.Deploy => WhyNotDeployable(state, report.Proof?.Tree),
        };
    }

    /// <summary>Tests pass only with the command, its exit code, counts and the tree they ran on; zero tests are no pass.</summary>
    static string? WhyNotPassed(Pipeline state, PhaseProof? proof)
    {
        if (proof is not { Command.Length: > 0, Tree.Length: > 0, ExitCode: { } exit, Total: { } total, Passed: { } passed, Failed: { } failed })
            return "The test phase brought no complete evidence (command, exit code, counts, tree), so nothing is proven.";
        if (failed > 0 && exit == 0)
            return $"{failed} of {total} tests failed although '{proof.Command}' exited with 0; exit code and counts disagree.";
        if (failed > 0)
            return $"{failed} of {total} tests failed.";
        if (exit != 0)
            return $"'{proof.Command}' exited with {exit} although no test is counted as failed; exit code and counts disagree.";
        if (passed <= 0)
            return $"No test passed ({total} found, {proof.Skipped ?? 0} skipped); that proves nothing.";
        if (passed + failed + (proof.Skipped ?? 0) != total)
            return $"The counts do not add up: {passed} passed, {failed} failed, {proof.Skipped ?? 0} skipped of {total}.";
        return state.Has(Phase.Implement) && state[Phase.Implement].Proof is { } written && written.Tree != proof.Tree
            ? $"The tests ran on tree {proof.Tree}, but implement wrote tree {written.Tree}; the evidence is stale."
            : null;
    }

    /// <summary>Why this tree may not be deployed: it needs passing evidence for exactly this tree.</summary>
    public static string? WhyNotDeployable(Pipeline state, string? tree)
    {
        if (string.IsNullOrEmpty(tree))
            return "The deploy phase names no tree, so nobody can tell what was deployed.";
        if (state.Approvals.GetValueOrDefault(Phase.Deploy)?.Tree is { } approved && approved == tree && state.Has(Phase.Test) && state[Phase.Test].Status == PhaseStatus.Skipped)
            // Untested, and a person has agreed to deploy exactly this tree.
            return null;
        if (!state.Has(Phase.Test))
            return $"Tree {tree} has no test evidence: this pipeline has no test phase.";
        var test = state[Phase.Test];
        if (test.Status != PhaseStatus.Completed || test.Proof is null)
            return $"Tree {tree} has no passing test evidence: the test phase is {test.Status.ToString().ToLowerInvariant()}.";
        return test.Proof.Tree == tree ? null : $"The passing tests ran on tree {test.Proof.Tree}, not on {tree}; the evidence is stale.";
    }
}
