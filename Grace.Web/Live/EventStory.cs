using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Web.Live;

/// <summary>What an event of a pipeline says, in one line for people: pure.</summary>
static class EventStory
{
    const int Longest = 300;

    /// <summary>Empty for an event that this version does not know: its name has to do.</summary>
    public static string Of(Recorded e)
    {
        try
        {
            var line = Tell(PipelineEvents.Read(e.Type, e.Data)).ReplaceLineEndings(" ");
            return line.Length <= Longest ? line : line[..Longest] + "…";
        }
        catch (Exception unknown) when (unknown is NotSupportedException or System.Text.Json.JsonException)
        {
            return "";
        }
    }

    static string Tell(PipelineEvent change) => change switch
    {
        Submitted e => $"{e.RequestedBy} asked for it: {string.Join(" → ", e.Phases.Select(p => p.Name()))}",
        Started => "A slot took it",
        PauseRequested e => $"It pauses after the running phase{Why(e.Reason)}",
        Paused e => $"Nothing runs until it is resumed{Why(e.Reason)}",
        Reminded e => e.Reason,
        Resumed e => (e.FromPhase is { } from ? $"Again from {from.Name()}" : "It goes on") + Why(e.Reason),
        Overridden e => $"{string.Join(", ", e.Override.Select(o => o.Key))} changed{Why(e.Reason)}",
        ApprovalRequested e => $"{e.Phase.Name()}: {e.Subject}",
        Approved e => $"{e.Phase.Name()} may go on{Why(e.Reason)}",
        Rejected e => $"{e.Phase.Name()} may not go on{Why(e.Reason)}",
        Escalated e => $"{e.Phase.Name()}: {e.Reason}",
        Cancelled e => e.Reason,
        Completed e => $"{Counted(e.Artifacts, "artifact")} in {Seconds(e.DurationSeconds)}",
        Failed e => $"{e.Phase.Name()}: {e.Error}",
        PhaseStarted e => $"{e.Phase.Name()}, attempt {e.Attempt}",
        PhaseCompleted e => $"{e.Phase.Name()}, attempt {e.Attempt}: {Counted(e.Artifacts, "artifact")} in {Seconds(e.DurationSeconds)}{Proof(e.Proof)}",
        PhaseFailed e => $"{e.Phase.Name()}, attempt {e.Attempt}: {e.Error}",
        PhaseInterrupted e => $"{e.Phase.Name()}, attempt {e.Attempt}: {e.Reason}",
        PhaseSkipped e => $"{e.Phase.Name()}: {e.Reason}",
        ArtifactCreated e => $"{e.ArtifactType} of {e.Phase.Name()}, attempt {e.Attempt}, {e.Size} bytes",
        TestsFailed e => $"{e.FailedCount} of {e.TotalCount} tests failed",
        RecoveryStarted e => $"{e.Phase.Name()}, recovery {e.Recovery}: {e.Error}",
        RecoveryApplied e => $"{e.Phase.Name()}, recovery {e.Recovery}: {e.Fix} is in place{(e.RetryAt is { } at ? $"; tried again at {at.UtcDateTime:HH:mm:ss} UTC" : "")}",
        RecoverySucceeded e => $"{e.Phase.Name()} completed after {e.Fix}",
        RecoveryFailed e => $"{e.Phase.Name()}, recovery {e.Recovery}: {e.Reason}",
        PlaybookExecuted e => $"{e.PlaybookId}, version {e.PlaybookVersion}, in {e.Phase.Name()}",
        PlaybookFailed e => $"{e.PlaybookId}, version {e.PlaybookVersion}: {e.Error}",
        _ => "",
    };

    static string Why(string? reason) => string.IsNullOrWhiteSpace(reason) ? "" : $": {reason}";

    static string Proof(PhaseProof? proof) => proof is { Total: { } total } ? $", {proof.Passed} of {total} tests passed" : "";

    static string Counted(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    static string Seconds(double seconds) => Components.Parts.Ago.Duration(seconds);
}
