using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Web.Cli;

/// <summary>Tells a pipeline's events and progress in the console lines of the specification's "Event Flow Example".</summary>
sealed class Narrator(string pipelineId, Action<string> say)
{
    readonly ConcurrentQueue<ProgressLine> early = new();
    readonly Lock gate = new();
    Pipeline state = Pipeline.Unborn;

    public Pipeline State => state;

    /// <summary>
    /// Progress may overtake the recorded start of its attempt; it waits for it, so that the lines read in order. One that
    /// comes late is said all the same: nothing may wait behind it.
    /// </summary>
    public void Hear(ProgressLine line)
    {
        if (line.PipelineId != pipelineId)
            return;
        lock (gate)
        {
            early.Enqueue(line);
            SayProgress();
        }
    }

    public void Tell(Recorded recorded)
    {
        var change = PipelineEvents.Read(recorded.Type, recorded.Data);
        lock (gate)
        {
            state = (state with { Id = pipelineId }).Evolve(change, recorded.At, recorded.By);
            foreach (var line in Lines(change))
                say(line);
            SayProgress();
        }
    }

    void SayProgress()
    {
        while (early.TryPeek(out var line) && state.Phases.Any(p => p.Phase.Name() == line.Phase && p.Attempt >= line.Attempt && p.Recoveries >= line.Recovery))
        {
            early.TryDequeue(out _);
            say(line.Line.StartsWith('→') ? $"  {line.Line}" : $"[{line.Phase.ToUpperInvariant()}] {line.Line}");
        }
    }

    IEnumerable<string> Lines(PipelineEvent change) => change switch
    {
        Started =>
        [
            $"[AGENT-ORCHESTRATOR] Pipeline started: {pipelineId}", $"Task: {FirstLine(state.Task)}",
            $"Phases: {string.Join(" → ", state.Phases.Select(p => p.Phase.Name()))}", "",
        ],
        PhaseStarted e => [$"{Tag(e.Phase)} Starting {Spoken(e.Phase)} phase...{(e.Attempt > 1 ? $" (attempt {e.Attempt})" : "")}"],
        ArtifactCreated e => [$"{Tag(e.Phase)} Artifact created: {e.ArtifactType}"],
        PhaseCompleted e => [$"{Tag(e.Phase)} {Capital(Spoken(e.Phase))} phase completed", ""],
        PhaseFailed e => [$"[AGENT-ORCHESTRATOR] {Capital(e.Phase.Name())} phase failed: {e.Error}", .. Said(e)],
        PhaseInterrupted e => [$"[AGENT-ORCHESTRATOR] {Capital(e.Phase.Name())} phase interrupted: {e.Reason}"],
        PhaseSkipped e => [$"[AGENT-ORCHESTRATOR] {Capital(e.Phase.Name())} phase skipped: {e.Reason}"],
        RecoveryStarted => ["[AGENT-ORCHESTRATOR] Attempting recovery...", "[RECOVERY] Using playbook: phase_failure_recovery"],
        RecoverySucceeded => ["[RECOVERY] Recovery successful", ""],
        RecoveryFailed e => [$"[RECOVERY] Recovery failed: {e.Reason}"],
        PauseRequested e => [$"[GUARDIAN] Pause requested{Because(e.Reason)}; the running phase completes first"],
        Paused e => [$"[GUARDIAN] Pipeline paused{Because(e.Reason)}"],
        Reminded e => [$"[GUARDIAN] {e.Reason}"],
        Resumed e => [$"[GUARDIAN] Pipeline resumed{Because(e.Reason)}"],
        Overridden e => [$"[GUARDIAN] Override {e.Override.ToJsonString(Wire.Json)}: {e.Reason}"],
        ApprovalRequested e => [$"[GUARDIAN] Approval needed before {e.Phase.Name()}: {e.Subject}"],
        Approved e => [$"[GUARDIAN] {Capital(e.Phase.Name())} approved{Because(e.Reason)}"],
        Rejected e => [$"[GUARDIAN] {Capital(e.Phase.Name())} rejected: {e.Reason}"],
        Escalated e => [$"[GUARDIAN] Waiting for the Guardian: {e.Reason}"],
        Cancelled e => [$"[GUARDIAN] Pipeline cancelled: {e.Reason}"],
        Completed e =>
        [
            "Pipeline completed successfully!", $"Total artifacts: {e.Artifacts}",
            $"Duration: {e.DurationSeconds.ToString("0.0", CultureInfo.InvariantCulture)}s",
        ],
        Failed e => [$"Pipeline failed in {e.Phase.Name()}: {e.Error}"],
        TestsFailed e => [$"[TEST] {e.FailedCount} of {e.TotalCount} tests failed", .. e.Tests.Take(10).Select(t => $"  ✗ {t}")],
        _ => [],
    };

    static string[] Said(PhaseFailed e) => e.Fingerprint?["said"]?.ToString() is { Length: > 0 } said ? [$"  {said}"] : [];

    static string Tag(Phase phase) => $"[{phase.Name().ToUpperInvariant()}]";

    static string Spoken(Phase phase) => phase == Phase.Implement ? "implementation" : phase.Name();

    static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    static string Because(string? reason) => string.IsNullOrEmpty(reason) ? "" : $" ({reason})";

    static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];
}
