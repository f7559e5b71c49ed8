using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Guardian;

/// <summary>A Guardian command as it arrives, from whichever side.</summary>
public sealed record GuardianRequest(
    string PipelineId, string Action, string? Reason = null, JsonObject? Override = null, Phase? Phase = null, long? ExpectedVersion = null);

/// <summary>Which Guardian requests are well-formed: pure.</summary>
public static class GuardianPolicy
{
    public static readonly IReadOnlyList<string> Actions = ["pause", "resume", "override", "approve", "reject", "retry", "cancel"];

    const int LongestReason = 2_000;

    /// <summary>The command, or what is wrong with the request.</summary>
    public static (PipelineCommand? Command, IReadOnlyList<FieldError> Errors) Read(GuardianRequest request)
    {
        List<FieldError> errors = [];
        if (!Actions.Contains(request.Action))
            errors.Add(new("action", $"'{request.Action}' is no action; allowed are {string.Join(", ", Actions)}."));
        if (request.Action is "override" or "reject" or "cancel" && string.IsNullOrWhiteSpace(request.Reason))
            errors.Add(new("reason", $"{request.Action} needs a reason; it is kept in the log."));
        if (request.Reason?.Length > LongestReason)
            errors.Add(new("reason", $"The reason has {request.Reason.Length} characters; at most {LongestReason} are allowed."));
        if (request.Action == "override")
            errors.AddRange(CheckOverride(request.Override));
        else if (request.Override is not null)
            errors.Add(new("override", $"override belongs to the action override, not to {request.Action}."));
        if (errors.Count > 0)
            return (null, errors);
        var reason = request.Reason?.Trim();
        return (request.Action switch
        {
            "pause" => new PipelineCommand.Pause(reason),
            "resume" => new PipelineCommand.Resume(reason),
            "override" => new PipelineCommand.Override(request.Override!, reason!),
            "approve" => new PipelineCommand.Approve(reason),
            "reject" => new PipelineCommand.Reject(reason!),
            "retry" => new PipelineCommand.Retry(request.Phase, reason),
            "cancel" => new PipelineCommand.Cancel(reason!, []),
            _ => throw new NotSupportedException(request.Action),
        }, errors);
    }

    /// <summary>Known keys are typed; free keys are the agents' business.</summary>
    static IEnumerable<FieldError> CheckOverride(JsonObject? values)
    {
        if (values is not { Count: > 0 })
        {
            yield return new("override", "override is an object with at least one key, such as {\"skip_tests\": false}.");
            yield break;
        }
        foreach (var key in new[] { "skip_tests", "custom_validation" })
            if (values[key] is { } flag && flag.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
                yield return new($"override.{key}", $"{key} is {flag.ToJsonString()}; allowed are true and false.");
        if (values["deployment_environment"] is { } environment && environment.ToJsonString() != "\"local\"")
            yield return new("override.deployment_environment", $"There is no environment {environment.ToJsonString()}; there is: local.");
    }
}
