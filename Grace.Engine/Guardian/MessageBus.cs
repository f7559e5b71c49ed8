using System.Text.Json;
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
        return guardian.ExecuteAsync(ReadRequest(payload, action), by ?? Issuer.System, cancel);
    }

    /// <summary>Reads a request from JSON, naming every field that is of the wrong kind.</summary>
    public static GuardianRequest ReadRequest(JsonObject payload, string? action)
    {
        List<FieldError> errors = [];
        T? Field<T>(string name, JsonValueKind[] kinds, string what) where T : class
        {
            if (payload[name] is not { } value)
                return null;
            if (kinds.Contains(value.GetValueKind()))
                return value as T ?? value.GetValue<T>();
            errors.Add(new(name, $"{name} is {value.ToJsonString()}; it must be {what}."));
            return null;
        }

        var id = Field<string>("pipeline_id", [JsonValueKind.String], "a text");
        action ??= Field<string>("action", [JsonValueKind.String], "a text");
        var phase = Field<string>("phase", [JsonValueKind.String], "a phase");
        if (string.IsNullOrEmpty(id) && errors.Count == 0)
            errors.Add(new("pipeline_id", "pipeline_id is missing."));
        if (string.IsNullOrEmpty(action) && errors.All(e => e.Field != "action"))
            errors.Add(new("action", $"action is missing; allowed are {string.Join(", ", GuardianPolicy.Actions)}."));
        if (phase is not null && PhaseOrder.Parse(phase) is null)
            errors.Add(new("phase", $"'{phase}' is no phase; allowed are {string.Join(", ", PhaseOrder.All.Select(p => p.Name()))}."));
        long? expected = null;
        if (payload["expected_version"] is { } version)
            if (version.GetValueKind() == JsonValueKind.Number && long.TryParse(version.ToJsonString(), out var number))
                expected = number;
            else
                errors.Add(new("expected_version", $"expected_version is {version.ToJsonString()}; it must be a whole number."));
        var request = new GuardianRequest(
            id ?? "", action ?? "", Field<string>("reason", [JsonValueKind.String], "a text"),
            Field<JsonObject>("override", [JsonValueKind.Object], "an object"), PhaseOrder.Parse(phase), expected);
        return errors.Count == 0 ? request : throw new SubmissionRefused(errors);
    }
}
