using System.Text.Json.Nodes;
using Grace.Engine.Access;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Guardian;

/// <summary>A Guardian command as it arrives, from whichever side.</summary>
/// <param name="ApprovalId">Which approval is given or refused, for approve and reject; null: the one that waits.</param>
public sealed record GuardianRequest(
    string PipelineId, string Action, string? Reason = null, JsonObject? Override = null, Phase? Phase = null, long? ExpectedVersion = null, string? ApprovalId = null);

/// <summary>Which Guardian requests are well-formed: pure.</summary>
public static class GuardianPolicy
{
    public static readonly IReadOnlyList<string> Actions = ["pause", "resume", "override", "approve", "reject", "retry", "cancel"];

    const int LongestReason = 2_000;

    public static Right RightFor(string action) => action switch
    {
        "pause" or "resume" => Right.Pause,
        "override" => Right.Override,
        "approve" or "reject" => Right.Approve,
        "retry" => Right.Retry,
        "cancel" => Right.Cancel,
        _ => throw new NotSupportedException(action),
    };

    /// <summary>The command, or what is wrong with the request.</summary>
    public static (PipelineCommand? Command, IReadOnlyList<FieldError> Errors) Read(GuardianRequest request, string by, Vocabulary known)
    {
        List<FieldError> errors = [];
        if (!Actions.Contains(request.Action))
            errors.Add(new("action", $"'{request.Action}' is no action; allowed are {string.Join(", ", Actions)}."));
        if (request.Action is "override" or "reject" or "cancel" && string.IsNullOrWhiteSpace(request.Reason))
            errors.Add(new("reason", $"{request.Action} needs a reason; it is kept in the log."));
        if (request.Reason?.Length > LongestReason)
            errors.Add(new("reason", $"The reason has {request.Reason.Length} characters; at most {LongestReason} are allowed."));
        if (request.Action == "override")
            errors.AddRange(CheckOverride(request.Override, known));
        else if (request.Override is not null)
            errors.Add(new("override", $"override belongs to the action override, not to {request.Action}."));
        if (request.ApprovalId is not null && request.Action is not ("approve" or "reject"))
            errors.Add(new("approval_id", $"approval_id belongs to the actions approve and reject, not to {request.Action}."));
        if (request.Phase is not null && request.Action != "retry")
            errors.Add(new("phase", $"phase belongs to the action retry, not to {request.Action}."));
        if (errors.Count > 0)
            return (null, errors);
        var reason = request.Reason?.Trim();
        return (request.Action switch
        {
            "pause" => new PipelineCommand.Pause(reason),
            "resume" => new PipelineCommand.Resume(reason),
            "override" => new PipelineCommand.Override(request.Override!, reason!),
            "approve" => new PipelineCommand.Approve(by, reason, request.ApprovalId),
            "reject" => new PipelineCommand.Reject(reason!, request.ApprovalId),
            "retry" => new PipelineCommand.Retry(request.Phase, reason),
            "cancel" => new PipelineCommand.Cancel(reason!),
            _ => throw new NotSupportedException(request.Action),
        }, errors);
    }

    /// <summary>Known keys are typed; free keys are the agents' business.</summary>
    static IEnumerable<FieldError> CheckOverride(JsonObject? values, Vocabulary known)
    {
        if (values is not { Count: > 0 })
            return [new("override", "override is an object with at least one key, such as {\"skip_tests\": false}.")];
        return ContextRules.Check(values, known, "override");
    }
}
