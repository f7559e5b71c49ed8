using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grace.Engine.Pipelines;

/// <summary>The keys of a phase context that Grace itself understands, and their types; free keys are the agents' business.</summary>
public static class ContextRules
{
    /// <summary>What code is written in where a context does not say.</summary>
    public const string DefaultLanguage = "csharp";

    /// <param name="within">The field that errors name: context or override.</param>
    public static IEnumerable<FieldError> Check(JsonObject values, Vocabulary known, string within)
    {
        if (values["language"] is { } language && Frameworks(language, known) is null)
            yield return new($"{within}.language", $"The language {language.ToJsonString()} cannot be written without a model; there is: {string.Join(", ", known.Languages.Keys)}.");
        foreach (var key in new[] { "skip_tests", "custom_validation" })
            if (values[key] is { } flag && flag.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
                yield return new($"{within}.{key}", $"{key} is {flag.ToJsonString()}; allowed are true and false.");
        if (values["deployment_environment"] is { } environment && !(environment.GetValueKind() == JsonValueKind.String && known.Environments.Contains(environment.GetValue<string>())))
            yield return new($"{within}.deployment_environment",
                $"There is no environment {environment.ToJsonString()}; there is: {string.Join(", ", known.Environments)}. Others are configured under Grace:Deploy:Environments.");
        if (values["approvals"] is { } approvals && (approvals is not JsonArray phases || phases.Any(p => PhaseOrder.Parse(p?.ToString()) is null)))
            yield return new($"{within}.approvals", $"approvals is {approvals.ToJsonString()}; it must be a list of phases that need an approval, of {string.Join(", ", PhaseOrder.All.Select(p => p.Name()))}.");
        foreach (var error in Playbooks(values["playbooks"], known, $"{within}.playbooks"))
            yield return error;
        if (values["model"] is { } model)
            yield return new($"{within}.model", $"model is {model.ToJsonString()}, but no model is configured; this version works without one (Grace:Models:Provider).");
        if (values["lint"] is { } lint && lint.ToString() is not ("auto" or "required" or "report" or "off"))
            yield return new($"{within}.lint", $"lint is {lint.ToJsonString()}; allowed are auto, required, report, off.");
        if (values[PlannedSubmission.Criteria] is { } criteria && (criteria is not JsonArray { Count: > 0 and <= PlanReader.MostCriteria } texts || texts.Any(t => t?.GetValueKind() != JsonValueKind.String)))
            yield return new($"{within}.{PlannedSubmission.Criteria}", $"{PlannedSubmission.Criteria} is {PlanReader.Short(criteria)}; it must be a list of texts, at least one. Leave it out for all that the design derives.");
        if (values["limits"] is not { } limits)
            yield break;
        if (limits is not JsonObject named)
            yield return new($"{within}.limits", $"limits is {limits.ToJsonString()}; it must be an object with minutes or attempts.");
        else
            foreach (var (name, value) in named)
                if (name is not ("minutes" or "attempts"))
                    yield return new($"{within}.limits.{name}", $"'{name}' is no limit; allowed are minutes, attempts.");
                else if (Number(value) is not > 0)
                    yield return new($"{within}.limits.{name}", $"{name} is {value?.ToJsonString() ?? "null"}; it must be a number above 0.");
    }

    /// <summary>Why code cannot be written for the framework that a context asks for; null where it can, or where none is asked for.</summary>
    public static string? WrongFramework(JsonObject context, Vocabulary known)
    {
        if (context["framework"] is not { } framework || Frameworks(context["language"] ?? DefaultLanguage, known) is not { } there)
            return null;
        return framework.GetValueKind() == JsonValueKind.String && there.Contains(framework.GetValue<string>(), StringComparer.OrdinalIgnoreCase) ? null
            : $"The framework {framework.ToJsonString()} has no templates for {context["language"] ?? DefaultLanguage}, so it cannot be written without a model; there is: {string.Join(", ", there)}.";
    }

    static IReadOnlyList<string>? Frameworks(JsonNode language, Vocabulary known) =>
        language.GetValueKind() == JsonValueKind.String ? known.Languages.GetValueOrDefault(language.GetValue<string>().ToLowerInvariant()) : null;

    static IEnumerable<FieldError> Playbooks(JsonNode? chosen, Vocabulary known, string field)
    {
        if (chosen is null)
            yield break;
        if (chosen is not JsonObject byPhase)
        {
            yield return new(field, $"playbooks is {chosen.ToJsonString()}; it must be an object such as {{\"test\": \"run_tests\"}}.");
            yield break;
        }
        foreach (var (name, id) in byPhase)
            if (PhaseOrder.Parse(name) is not { } phase)
                yield return new($"{field}.{name}", $"'{name}' is no phase; allowed are {string.Join(", ", PhaseOrder.All.Select(p => p.Name()))}.");
            else if (!known.Playbooks.TryGetValue(id?.ToString() ?? "", out var its) || its != phase)
                yield return new($"{field}.{name}",
                    $"{id?.ToJsonString() ?? "null"} is no playbook for {name}; there is: {string.Join(", ", known.Playbooks.Where(p => p.Value == phase).Select(p => p.Key))}.");
    }

    /// <summary>A number, however it came into the node; null for anything else.</summary>
    public static double? Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number ? double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : null;
}
