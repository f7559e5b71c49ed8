using System.Text.Json.Nodes;
using Grace.Engine.Tools;

namespace Grace.Engine.Playbooks;

/// <summary>A dry run: what a playbook's steps would call with these inputs. Nothing is called, so what one step would give the next is unknown.</summary>
public static class PlaybookRehearsal
{
    public static JsonObject Of(Playbook playbook, JsonObject inputs, ToolBox tools)
    {
        var scope = new JsonObject { ["inputs"] = inputs.DeepClone(), ["steps"] = new JsonObject(), ["context"] = inputs["context"]?.DeepClone() };
        return new()
        {
            ["playbook_id"] = playbook.Id,
            ["version"] = playbook.Version,
            ["problems"] = new JsonArray([.. JsonSchemas.WhyNotFit(playbook.Inputs, inputs).Select(p => (JsonNode)$"inputs: {p}")]),
            ["suits"] = playbook.Suits is null ? null : Expression.Holds(playbook.Suits, scope),
            ["steps"] = new JsonArray([.. playbook.Steps.Select(step => (JsonNode)Step(step, scope, tools))]),
            ["executed"] = false,
        };
    }

    static JsonObject Step(PlaybookStep step, JsonObject scope, ToolBox tools)
    {
        // A condition or input that looks at an earlier step cannot be known before that step has run.
        var depends = $"{step.When} {step.Each}".Contains("${steps.", StringComparison.Ordinal);
        return new()
        {
            ["id"] = step.Id,
            ["calls"] = step.Does,
            ["would_run"] = depends ? "depends on an earlier step" : Expression.Holds(step.When, scope) ? "yes" : "no",
            ["with"] = Known(step.With, scope),
            ["attempts"] = step.Attempts,
            ["time_limit_seconds"] = (step.TimeLimit ?? (step.Tool is null ? null : tools.Find(step.Tool)?.TimeLimit))?.TotalSeconds,
        };
    }

    static JsonNode? Known(JsonNode? value, JsonObject scope) => value switch
    {
        JsonObject map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, Known(p.Value, scope)))),
        JsonArray list => new JsonArray([.. list.Select(item => Known(item, scope))]),
        JsonValue text when text.TryGetValue<string>(out var written) && (written.Contains("${steps.") || written.Contains("${item")) => text.DeepClone(),
        _ => Expression.Resolve(value, scope),
    };
}
