using System.Text.Json.Nodes;
using Grace.Engine.Access;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Guardian;

/// <summary>The specification's topics, for callers in this process and, through the hub, outside it.</summary>
public interface IMessageBus
{
    /// <param name="topic">guardian.pause_pipeline, guardian.resume_pipeline or guardian.override_pipeline.</param>
    /// <param name="payload">{pipeline_id, reason?, override?, expected_version?}</param>
    /// <param name="by">Whoever publishes; null: Grace itself, in this process.</param>
    Task<GuardianAnswer> PublishAsync(string topic, JsonObject payload, Issuer? by = null, CancellationToken cancel = default);
}

public sealed class MessageBus(GuardianControl guardian) : IMessageBus
{
    static readonly Dictionary<string, string> Topics = new()
    {
        ["guardian.pause_pipeline"] = "pause", ["guardian.resume_pipeline"] = "resume", ["guardian.override_pipeline"] = "override",
    };

    public Task<GuardianAnswer> PublishAsync(string topic, JsonObject payload, Issuer? by = null, CancellationToken cancel = default)
    {
        if (!Topics.TryGetValue(topic, out var action))
            throw new SubmissionRefused([new("topic", $"'{topic}' is no topic; allowed are {string.Join(", ", Topics.Keys)}.")]);
        return guardian.ExecuteAsync(ReadRequest(new(payload), action), by ?? Issuer.System, cancel);
    }

    /// <summary>Reads a request from JSON, naming every field that is of the wrong kind or unknown.</summary>
    /// <param name="action">Null: the request names it.</param>
    public static GuardianRequest ReadRequest(Fields given, string? action)
    {
        var id = given.Text("pipeline_id");
        action ??= given.Text("action");
        var request = new GuardianRequest(
            id ?? "", action ?? "", given.Text("reason"), given.Object("override"), ReadPhase(given), given.Whole("expected_version"), given.Text("approval_id"));
        if (string.IsNullOrEmpty(id) && !given.IsWrong("pipeline_id"))
            given.Refuse("pipeline_id", "pipeline_id is missing.");
        if (string.IsNullOrEmpty(action) && !given.IsWrong("action"))
            given.Refuse("action", $"action is missing; allowed are {string.Join(", ", GuardianPolicy.Actions)}.");
        given.End();
        return request;
    }

    static Phase? ReadPhase(Fields given)
    {
        var phase = given.Text("phase");
        if (phase is not null && PhaseOrder.Parse(phase) is null)
            given.Refuse("phase", $"'{phase}' is no phase; allowed are {string.Join(", ", PhaseOrder.All.Select(p => p.Name()))}.");
        return PhaseOrder.Parse(phase);
    }
}
