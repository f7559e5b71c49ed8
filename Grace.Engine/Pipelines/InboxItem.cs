using System.Text.Json.Nodes;

namespace Grace.Engine.Pipelines;

/// <summary>What a person is shown to decide on: an approval, an escalation, or a pause that lasts. Pure.</summary>
public static class InboxItem
{
    /// <summary>Null when nothing waits.</summary>
    public static JsonObject? Of(Pipeline state) => state switch
    {
        { Waiting: { } waiting } => new()
        {
            ["kind"] = waiting.ApprovalId is null ? "escalation" : "approval",
            ["approval_id"] = waiting.ApprovalId,
            ["phase"] = waiting.Phase.Name(),
            ["reason"] = waiting.Reason,
            ["tree"] = waiting.Tree,
            ["requester_barred"] = waiting.RequesterBarred,
            ["evidence"] = waiting.Evidence.DeepClone(),
            ["actions"] = waiting.ApprovalId is null ? Actions("resume", "retry", "override", "reject", "cancel") : Actions("approve", "reject", "override", "cancel"),
        },
        { Reminder: { } reminder } => new()
        {
            ["kind"] = "pause",
            ["phase"] = state.CurrentPhase?.Name(),
            ["reason"] = reminder,
            ["evidence"] = new JsonObject { ["pause_reason"] = state.PauseReason },
            ["actions"] = Actions("resume", "override", "retry", "cancel"),
        },
        _ => null,
    };

    static JsonArray Actions(params string[] names) => [.. names.Select(name => (JsonNode)name)];
}
