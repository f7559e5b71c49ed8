using Grace.Engine.Jobs;
using Grace.Engine.Learning;
using Grace.Engine.Playbooks;
using Grace.Engine.Webhooks;

namespace Grace.Web.Components.Parts;

/// <summary>What else has a status, as the pipeline's status that it looks like.</summary>
static class StatusLook
{
    public const string Running = "running";
    public const string Good = "completed";
    public const string Bad = "failed";
    public const string Paused = "paused";
    public const string Waiting = "waiting_for_guardian";
    public const string Quiet = "pending";

    public static string Of(Mission mission) => mission.Status switch
    {
        MissionStatus.WaitingForApproval => Waiting,
        MissionStatus.Concluded => mission.Conclusion!.Outcome switch { "improved" or "learnt" => Good, "worse" => Bad, _ => Quiet },
        _ => Running,
    };

    public static string Of(VersionStatus version) => version switch
    {
        VersionStatus.InForce => Good,
        VersionStatus.OnTrial => Running,
        VersionStatus.Proposed => Paused,
        VersionStatus.RolledBack => Bad,
        _ => Quiet,
    };

    public static string Of(NodeRow node) => node.Stale ? Bad : !node.IsWorker ? Quiet : node.PausedAt is null ? Good : Paused;

    public static string Of(Webhook hook) => hook.PausedBecause is not null ? Paused : hook.Waiting > 0 ? Bad : Good;

    public static string OfJob(string state) => state switch
    {
        "running" => Running,
        "failed" => Bad,
        "scheduled" or "retrying" => Paused,
        "succeeded" => Good,
        _ => Quiet,
    };

    public static string OfDelivery(string status) => status switch { Delivery.Delivered => Good, Delivery.Dead => Bad, _ => Waiting };
}
