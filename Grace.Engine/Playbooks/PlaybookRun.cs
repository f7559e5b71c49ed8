using System.Diagnostics;
using System.Text.Json.Nodes;
using Grace.Engine.Failures;
using Grace.Engine.Pipelines;
using Grace.Engine.Tools;

namespace Grace.Engine.Playbooks;

/// <summary>Runs a playbook's steps in order, each bounded by its tool's time limit, and checks what it promised.</summary>
public sealed class PlaybookRun(ToolBox tools, TimeProvider clock)
{
    /// <summary>Playbooks that use playbooks that use …: deeper than this is a circle.</summary>
    const int Deepest = 4;

    /// <param name="library">Where steps find the playbooks that they use.</param>
    public Task<PlaybookResult> RunAsync(Playbook playbook, JsonObject inputs, ToolContext context, PlaybookLibrary library, CancellationToken cancel) =>
        RunAsync(playbook, inputs, new(context, library, 0), cancel);

    async Task<PlaybookResult> RunAsync(Playbook playbook, JsonObject inputs, Place place, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var steps = new JsonObject();
        var scope = new JsonObject { ["inputs"] = inputs.DeepClone(), ["steps"] = steps, ["context"] = inputs["context"]?.DeepClone() };
        var trace = new Trace();
        var error = JsonSchemas.WhyNotFit(playbook.Inputs, inputs).Select(why => $"Playbook {playbook.Id} cannot work with its inputs: {why}.").FirstOrDefault();
        JsonObject? failedStep = null;
        foreach (var step in playbook.Steps)
        {
            if (error is not null || !Expression.Holds(step.When, scope))
                continue;
            var (result, attempts) = await Tried(step, scope, place, trace, cancel);
            steps[step.Id] = new JsonObject { ["success"] = result.Success, ["error"] = result.Error, ["output"] = result.Output?.DeepClone(), ["attempts"] = attempts };
            if (result.Success || step.Optional)
                continue;
            var printed = Printed(result.Output);
            error = Telling(result.Error ?? $"Step {step.Id} ({step.Does}) failed.", (result.Output as JsonObject)?["output"] is null ? null : printed);
            failedStep = new()
            {
                ["id"] = step.Id, ["tool"] = step.Tool, ["exit_code"] = ExitCode(result.Output as JsonObject), ["said"] = Said(error, printed),
                // The end of what it printed, where failures are told: the error alone says only that it failed.
                ["output"] = printed,
            };
        }
        error ??= playbook.Expect.Where(e => !Expression.Holds(e.That, scope)).Select(e => $"{Expression.Resolve(e.Otherwise, scope)}").FirstOrDefault();
        // A failed run still hands over what it made: the test report of failing tests is evidence.
        var artifacts = playbook.Artifacts
            .Where(a => Expression.Holds(a.When, scope))
            .Select(a => new PlaybookProduct(a.Type, Expression.Resolve(a.Content, scope)))
            .Where(a => a.Content is not null).ToList();
        error ??= JsonSchemas.WhyNotFit(playbook.Outputs, new JsonObject(artifacts.DistinctBy(a => a.Type).Select(a => KeyValuePair.Create(a.Type, a.Content?.DeepClone()))))
            .Select(why => $"What playbook {playbook.Id} hands over does not fit its outputs: {why}.").FirstOrDefault();
        var metadata = new JsonObject
        {
            ["execution_time"] = Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 3),
            ["tools_used"] = new JsonArray([.. trace.Calls.Select(c => c.Tool).Distinct().Select(t => (JsonNode)t)]),
            ["touched"] = new JsonArray([.. trace.Touched.Distinct().Take(50).Select(t => (JsonNode)t)]),
        };
        if (failedStep is not null)
            metadata["failed_step"] = failedStep;
        return new(error is null, artifacts, metadata, error, steps, trace.Used, trace.Calls);
    }

    async Task<(ToolResult Result, int Attempts)> Tried(PlaybookStep step, JsonObject scope, Place place, Trace trace, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = step.Each is null ? await One(step, scope, place, trace, cancel) : await Each(step, scope, place, trace, cancel);
            if (result.Success || attempt >= step.Attempts)
                return (result, attempt);
            place.Tools.Progress($"→ {step.Id} failed ({attempt} of {step.Attempts}), trying again{(step.Delay > TimeSpan.Zero ? $" in {step.Delay.TotalSeconds:0} s" : "")}");
            await Task.Delay(step.Delay, clock, cancel);
        }
    }

    /// <summary>Every item is worked on, also after one failed; the step fails when any did.</summary>
    async Task<ToolResult> Each(PlaybookStep step, JsonObject scope, Place place, Trace trace, CancellationToken cancel)
    {
        if (Expression.Resolve(step.Each!, scope) is not JsonArray items)
            return ToolResult.Failed($"Step {step.Id}: '{step.Each}' is not a list.");
        var outputs = new JsonArray();
        List<string> errors = [];
        foreach (var item in items)
        {
            scope["item"] = item?.DeepClone();
            var result = await One(step, scope, place, trace, cancel);
            outputs.Add(new JsonObject { ["item"] = item?.DeepClone(), ["success"] = result.Success, ["error"] = result.Error, ["output"] = result.Output?.DeepClone() });
            if (!result.Success)
                errors.Add(result.Error ?? $"Step {step.Id} failed.");
        }
        scope.Remove("item");
        return errors.Count == 0 ? ToolResult.Done(outputs) : ToolResult.Failed(string.Join(" ", errors), outputs);
    }

    async Task<ToolResult> One(PlaybookStep step, JsonObject scope, Place place, Trace trace, CancellationToken cancel)
    {
        if (step.Prompt is not null)
            return ToolResult.Failed($"Step {step.Id} asks a model, and none is configured (Grace:Models:Provider). Make it optional, or let a tool do it.");
        var input = (JsonObject)Expression.Resolve(step.With, scope)!;
        if (step.Playbook is { } named)
            return await Use($"{Expression.Resolve(named, scope)}", step, input, place, trace, cancel);
        var result = await Call(step, input, place.Tools, cancel);
        trace.Calls.Add(new(step.Tool!, result.Output));
        trace.Touched.AddRange(result.Touched);
        return result;
    }

    async Task<ToolResult> Use(string id, PlaybookStep step, JsonObject input, Place place, Trace trace, CancellationToken cancel)
    {
        if (place.Library.Find(id) is not { } playbook)
            return ToolResult.Failed($"Step {step.Id} uses the playbook '{id}', which does not exist.");
        if (place.Depth >= Deepest)
            return ToolResult.Failed($"Step {step.Id} uses the playbook '{id}' {Deepest + 1} deep; playbooks that use each other in a circle are not run.");
        var result = await RunAsync(playbook, input, place with { Depth = place.Depth + 1 }, cancel);
        trace.Used.Add((playbook, result));
        trace.Calls.AddRange(result.Calls);
        var output = new JsonObject(result.Artifacts.GroupBy(a => a.Type).Select(same => KeyValuePair.Create(same.Key, same.Last().Content?.DeepClone())));
        return result.Success ? ToolResult.Done(output) : ToolResult.Failed(result.Error!, output);
    }

    async Task<ToolResult> Call(PlaybookStep step, JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (tools.Find(step.Tool!) is not { } tool)
            return ToolResult.Failed($"Step {step.Id} calls the tool '{step.Tool}', which does not exist; there are {string.Join(", ", tools.Names)}.");
        var limit = step.TimeLimit is { } shorter && shorter < tool.TimeLimit ? shorter : tool.TimeLimit;
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        bounded.CancelAfter(limit);
        try
        {
            return await tool.RunAsync(input, context, bounded.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ToolResult.Failed($"{step.Tool} did not finish within {limit.TotalSeconds:0} s and was stopped.");
        }
    }

    /// <summary>What a failed step printed: the end of its output, or what its test report says failed.</summary>
    static string? Printed(JsonNode? output)
    {
        const int MostKept = 3000;
        if (output is not JsonObject given)
            return null;
        if (given["output"] is JsonValue value && value.TryGetValue<string>(out var printed))
            return printed.Trim() is { Length: > 0 } text ? text.Length <= MostKept ? text : text[^MostKept..] : null;
        return given.ContainsKey("failures") && FailureText.Of("", given).Trim() is { Length: > 0 } told ? told.Length <= MostKept ? told : told[..MostKept] : null;
    }

    /// <summary>"python3 exited with 1." says nothing; the line in which the tool says why does.</summary>
    static string Telling(string error, string? printed) => Said(error, printed) is { } line ? $"{line} ({error.TrimEnd('.')})" : error;

    /// <summary>The line of what was printed that says why, where the error does not say it already.</summary>
    static string? Said(string error, string? printed)
    {
        const int Longest = 300;
        var line = printed is null ? "" : TellingLines.Of(printed).Text;
        line = line.Length <= Longest ? line : line[..Longest] + "…";
        return line.Length == 0 || error.Contains(line, StringComparison.Ordinal) ? null : line;
    }

    /// <summary>Of a command, or of the first that failed in a report of several.</summary>
    static JsonNode? ExitCode(JsonObject? output) => (output?["exit_code"]
        ?? (output?["commands"] as JsonArray)?.Select(command => command?["exit_code"]).FirstOrDefault(code => ContextRules.Number(code) is not null and not 0))?.DeepClone();

    sealed record Place(ToolContext Tools, PlaybookLibrary Library, int Depth);

    /// <summary>What a run used on its way.</summary>
    sealed class Trace
    {
        public List<ToolCall> Calls { get; } = [];
        public List<string> Touched { get; } = [];
        public List<(Playbook Playbook, PlaybookResult Result)> Used { get; } = [];
    }
}
