using System.Text.Json.Nodes;
using Grace.Engine.Failures;

namespace Grace.Engine.Tools;

/// <summary>Answers what a learning mission learnt.</summary>
public sealed class RecallLessonTool(Lessons lessons) : ITool
{
    public string Name => "recall_lesson";

    public string Description => "Answers what a concluded learning mission learnt about a failure: the lesson, and the context with which it passed before.";

    public JsonObject InputSchema => JsonNode.Parse("""
        { "type": "object", "required": ["mission"], "properties": { "mission": { "type": "string" } }, "additionalProperties": false }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(30);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (input.Text("mission") is not { } mission || await lessons.FindAsync(mission, cancel) is not { } lesson)
            return ToolResult.Failed($"There is no lesson of a mission '{input.Text("mission")}'.");
        context.Progress($"→ Learnt before: {lesson.Says}");
        return ToolResult.Done(new JsonObject { ["lesson"] = lesson.Says, ["context"] = lesson.Context?.DeepClone() }, mission);
    }
}
