using System.Diagnostics;
using System.Text.Json.Nodes;
using Grace.Engine.Tools;

namespace Grace.Engine.Playbooks;

/// <summary>Runs a playbook's steps in order, each bounded by its tool's time limit, and checks what it promised.</summary>
public sealed class PlaybookRun(ToolBox tools)
{
    public async Task<PlaybookResult> RunAsync(Playbook playbook, JsonObject inputs, ToolContext context, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var steps = new JsonObject();
        var scope = new JsonObject { ["inputs"] = inputs.DeepClone(), ["steps"] = steps };
        List<string> used = [];
        List<string> touched = [];
        string? error = null;
        foreach (var missing in Missing(playbook, inputs))
            error ??= missing;
        foreach (var step in playbook.Steps)
        {
            if (error is not null || !Expression.Holds(step.When, scope))
                continue;
            var result = await Call(step, (JsonObject)Expression.Resolve(step.With, scope)!, context, cancel);
            used.Add(step.Tool);
            touched.AddRange(result.Touched);
            steps[step.Id] = new JsonObject
            {
                ["success"] = result.Success, ["error"] = result.Error, ["output"] = result.Output?.DeepClone(),
            };
            if (!result.Success && !step.Optional)
                error = result.Error ?? $"Step {step.Id} ({step.Tool}) failed.";
        }
        error ??= playbook.Expect.Where(e => !Expression.Holds(e.That, scope)).Select(e => $"{Expression.Resolve(e.Otherwise, scope)}").FirstOrDefault();
        // A failed run still hands over what it made: the test report of failing tests is evidence.
        var artifacts = playbook.Artifacts
            .Where(a => Expression.Holds(a.When, scope))
            .Select(a => new PlaybookProduct(a.Type, Expression.Resolve(a.Content, scope)))
            .Where(a => a.Content is not null).ToList();
        return new(error is null, artifacts, new()
        {
            ["execution_time"] = Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 3),
            ["tools_used"] = new JsonArray([.. used.Distinct().Select(t => (JsonNode)t)]),
            ["touched"] = new JsonArray([.. touched.Distinct().Take(50).Select(t => (JsonNode)t)]),
        }, error, steps);
    }

    async Task<ToolResult> Call(PlaybookStep step, JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (tools.Find(step.Tool) is not { } tool)
            return ToolResult.Failed($"Step {step.Id} calls the tool '{step.Tool}', which does not exist; there are {string.Join(", ", tools.Names)}.");
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        bounded.CancelAfter(tool.TimeLimit);
        try
        {
            return await tool.RunAsync(input, context, bounded.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ToolResult.Failed($"{step.Tool} did not finish within {tool.TimeLimit.TotalSeconds:0} s and was stopped.");
        }
    }

    static IEnumerable<string> Missing(Playbook playbook, JsonObject inputs) =>
        (playbook.Inputs["required"] as JsonArray ?? [])
        .Select(name => name!.GetValue<string>())
        .Where(name => inputs[name] is null)
        .Select(name => $"Playbook {playbook.Id} needs the input '{name}', which is not there.");
}
