using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;

namespace Grace.Web.Api;

/// <summary>The body of <c>execute</c> and of <c>plan</c>: fields of the right types, and no others.</summary>
static class SubmissionBody
{
    /// <param name="fields">Those that this call knows.</param>
    /// <exception cref="SubmissionRefused">By field.</exception>
    public static Submission Read(JsonObject body, params string[] fields)
    {
        List<FieldError> errors = [];
        foreach (var (name, _) in body)
            if (!fields.Contains(name))
                errors.Add(new(name, $"'{name}' is not known; allowed are {string.Join(", ", fields)}."));
        string? Text(string name)
        {
            if (body[name] is not { } value)
                return null;
            if (value.GetValueKind() == JsonValueKind.String)
                return value.GetValue<string>();
            errors.Add(new(name, $"{name} must be a text."));
            return null;
        }

        var (task, repository) = (Text("task"), Text("repository"));
        if (task is null && errors.All(e => e.Field != "task"))
            errors.Add(new("task", "task is missing; say what to build or check."));
        if (body["context"] is not (null or JsonObject))
            errors.Add(new("context", "context must be an object."));
        List<string>? phases = null;
        if (body["phases"] is JsonArray list && list.All(p => p?.GetValueKind() == JsonValueKind.String))
            phases = [.. list.Select(p => p!.GetValue<string>())];
        else if (body["phases"] is not null)
            errors.Add(new("phases", "phases must be a list of phase names."));
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        return new(task!, body["context"] as JsonObject ?? [], phases, repository, body["plan"]);
    }
}
