using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Design;

namespace Grace.Engine.Tools;

/// <summary>Writes a designed service and its tests into the workspace, from the language's templates.</summary>
public sealed class WriteServiceTool : ITool
{
    public string Name => "write_service";

    public string Description => "Writes a working service and its tests from a design into the workspace. Writing it again gives the same files.";

    public JsonObject InputSchema => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("design", "language"),
        ["properties"] = new JsonObject
        {
            ["design"] = new JsonObject { ["type"] = "object", ["description"] = "What design_service gave." },
            ["language"] = new JsonObject { ["enum"] = new JsonArray([.. ServiceTemplates.Languages.Select(l => (JsonNode)l)]) },
        },
    };

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(1);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        var language = input.Text("language") ?? "";
        if (!ServiceTemplates.Languages.Contains(language))
            return ToolResult.Failed($"The language '{language}' cannot be written; there is: {string.Join(", ", ServiceTemplates.Languages)}.");
        if (input["design"] is not JsonObject design)
            return ToolResult.Failed("write_service needs the design that design_service gives.");
        IReadOnlyList<GeneratedFile> files;
        try
        {
            files = ServiceTemplates.Render(ServiceDesign.FromJson(design), language);
        }
        catch (Exception wrong) when (wrong is JsonException or TaskRefusedException)
        {
            return ToolResult.Failed($"The design cannot be written: {wrong.Message}");
        }
        var written = new JsonArray();
        foreach (var file in files)
        {
            var target = Path.GetFullPath(Path.Combine(context.Workspace, file.Path));
            if (!target.StartsWith(Path.GetFullPath(context.Workspace) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                return ToolResult.Failed($"The template wants to write '{file.Path}', which is outside the workspace.");
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllTextAsync(target, file.Content, cancel);
            written.Add(new JsonObject { ["path"] = file.Path, ["bytes"] = Encoding.UTF8.GetByteCount(file.Content) });
        }
        context.Progress($"→ Language: {language}");
        context.Progress($"→ Files: {files.Count} written");
        return ToolResult.Done(new JsonObject { ["language"] = language, ["files"] = written }, [.. files.Select(f => f.Path)]);
    }
}
