using System.Diagnostics;
using System.Text.Json.Nodes;
using Grace.Engine.Tools;

namespace Grace.Engine.Playbooks;

/// <summary>Runs a playbook's steps in order, each bounded by its tool's time limit, and checks what it promised.</summary>
public sealed class PlaybookRun(ToolBox tools, PlaybookLibrary library)
{
    /// <summary>Playbooks that use playbooks that use …: deeper than this is a circle.</summary>
    const int Deepest = 4;

    public Task<PlaybookResult> RunAsync(Playbook playbook, JsonObject inputs, ToolContext context, CancellationToken cancel) =>
        RunAsync(playbook, inputs, context, 0, cancel);

    async Task<PlaybookResult> RunAsync(Playbook playbook, JsonObject inputs, ToolContext context, int depth, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var steps = new JsonObject();
        var scope = new JsonObject { ["inputs"] = inputs.DeepClone(), ["steps"] = steps };
        var trace = new Trace();
        var error = Missing(playbook, inputs).FirstOrDefault();
        JsonObject? failedStep = null;
        foreach (var step in playbook.Steps)
        {
            if (error is not null || !Expression.Holds(step.When, scope))
                continue;
            var result = step.Each is null
                ? await One(step, scope, context, trace, depth, cancel)
                : await Each(step, scope, context, trace, depth, cancel);
            steps[step.Id] = new JsonObject { ["success"] = result.Success, ["error"] = result.Error, ["output"] = result.Output?.DeepClone() };
            if (result.Success || step.Optional)
                continue;
            error = result.Error ?? $"Step {step.Id} ({step.Tool ?? step.Playbook}) failed.";
            failedStep = new() { ["id"] = step.Id, ["tool"] = step.Tool, ["exit_code"] = (result.Output as JsonObject)?["exit_code"]?.DeepClone() };
        }
        error ??= playbook.Expect.Where(e => !Expression.Holds(e.That, scope)).Select(e => $"{Expression.Resolve(e.Otherwise, scope)}").FirstOrDefault();
        // A failed run still hands over what it made: the test report of failing tests is evidence.
        var artifacts = playbook.Artifacts
            .Where(a => Expression.Holds(a.When, scope))
            .Select(a => new PlaybookProduct(a.Type, Expression.Resolve(a.Content, scope)))
            .Where(a => a.Content is not null).ToList();
        var metadata = new JsonObject
        {
            ["execution_time"] = Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 3),
            ["tools_used"] = new JsonArray([.. trace.Tools.Distinct().Select(t => (JsonNode)t)]),
            ["touched"] = new JsonArray([.. trace.Touched.Distinct().Take(50).Select(t => (JsonNode)t)]),
        };
        if (failedStep is not null)
            metadata["failed_step"] = failedStep;
        return new(error is null, artifacts, metadata, error, steps, trace.Used);
    }

    /// <summary>Every item is worked on, also after one failed; the step fails when any did.</summary>
    async Task<ToolResult> Each(PlaybookStep step, JsonObject scope, ToolContext context, Trace trace, int depth, CancellationToken cancel)
    {
        if (Expression.Resolve(step.Each!, scope) is not JsonArray items)
            return ToolResult.Failed($"Step {step.Id}: '{step.Each}' is not a list.");
        var outputs = new JsonArray();
        List<string> errors = [];
        foreach (var item in items)
        {
            scope["item"] = item?.DeepClone();
            var result = await One(step, scope, context, trace, depth, cancel);
            outputs.Add(new JsonObject { ["item"] = item?.DeepClone(), ["success"] = result.Success, ["error"] = result.Error, ["output"] = result.Output?.DeepClone() });
            if (!result.Success)
                errors.Add(result.Error ?? $"Step {step.Id} failed.");
        }
        scope.Remove("item");
        return errors.Count == 0 ? ToolResult.Done(outputs) : ToolResult.Failed(string.Join(" ", errors), outputs);
    }

    async Task<ToolResult> One(PlaybookStep step, JsonObject scope, ToolContext context, Trace trace, int depth, CancellationToken cancel)
    {
        var input = (JsonObject)Expression.Resolve(step.With, scope)!;
        if (step.Playbook is { } named)
            return await Use($"{Expression.Resolve(named, scope)}", step, input, context, trace, depth, cancel);
        var result = await Call(step, input, context, cancel);
        trace.Tools.Add(step.Tool!);
        trace.Touched.AddRange(result.Touched);
        return result;
    }

    async Task<ToolResult> Use(string id, PlaybookStep step, JsonObject input, ToolContext context, Trace trace, int depth, CancellationToken cancel)
    {
        if (library.Find(id) is not { } playbook)
            return ToolResult.Failed($"Step {step.Id} uses the playbook '{id}', which does not exist.");
        if (depth >= Deepest)
            return ToolResult.Failed($"Step {step.Id} uses the playbook '{id}' {Deepest + 1} deep; playbooks that use each other in a circle are not run.");
        var result = await RunAsync(playbook, input, context, depth + 1, cancel);
        trace.Used.Add((playbook, result));
        trace.Tools.AddRange(result.Metadata["tools_used"]!.AsArray().Select(t => t!.GetValue<string>()));
        var output = new JsonObject(result.Artifacts.GroupBy(a => a.Type).Select(same => KeyValuePair.Create(same.Key, same.Last().Content?.DeepClone())));
        return result.Success ? ToolResult.Done(output) : ToolResult.Failed(result.Error!, output);
    }

    async Task<ToolResult> Call(PlaybookStep step, JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (tools.Find(step.Tool!) is not { } tool)
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

    /// <summary>What a run used on its way.</summary>
    sealed class Trace
    {
        public List<string> Tools { get; } = [];
        public List<string> Touched { get; } = [];
        public List<(Playbook Playbook, PlaybookResult Result)> Used { get; } = [];
    }
}
