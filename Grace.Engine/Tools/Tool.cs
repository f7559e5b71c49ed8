using System.Text.Json.Nodes;

namespace Grace.Engine.Tools;

/// <summary>
/// What a playbook step (and, with a model, an agent) can call. Tools are code, few and typed; playbooks are data.
/// </summary>
public interface ITool
{
    /// <summary>snake_case, unique, e.g. <c>run_tests</c>.</summary>
    string Name { get; }

    /// <summary>One or two sentences, written for whoever chooses among tools: a person or a model.</summary>
    string Description { get; }

    /// <summary>JSON Schema of the input object.</summary>
    JsonObject InputSchema { get; }

    /// <summary>After this long the call is cancelled and counts as failed.</summary>
    TimeSpan TimeLimit { get; }

    /// <summary>
    /// Runs once. A failure that belongs to the work (tests fail, a source is missing) is a <see cref="ToolResult"/>
    /// with Success = false; exceptions are for what nobody foresaw.
    /// </summary>
    Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel);
}

/// <summary>The outcome of one tool call.</summary>
/// <param name="Success">Whether the tool did what it was asked.</param>
/// <param name="Output">What it found or made; kept short, since it may end up in an event. Null when there is nothing.</param>
/// <param name="Error">Why it failed: what, with which value, what to do. Null on success.</param>
/// <param name="Touched">Files, services and addresses that the call read or changed, for provenance.</param>
public sealed record ToolResult(bool Success, JsonNode? Output, string? Error, IReadOnlyList<string> Touched)
{
    public static ToolResult Done(JsonNode? output, params string[] touched) => new(true, output, null, touched);

    public static ToolResult Failed(string error, JsonNode? output = null, params string[] touched) => new(false, output, error, touched);
}

/// <summary>Where a tool call runs.</summary>
/// <param name="PipelineId">The pipeline it works for.</param>
/// <param name="Phase">research, design, implement, test or deploy.</param>
/// <param name="Attempt">1 for the first try of the phase.</param>
/// <param name="Workspace">The pipeline's own git work tree, an absolute path. It may not exist yet.</param>
/// <param name="Progress">Takes one console line, as in "→ Unit tests: 25/25 passed". Shown live, never recorded.</param>
public sealed record ToolContext(string PipelineId, string Phase, int Attempt, string Workspace, Action<string> Progress);
