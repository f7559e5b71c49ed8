using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Design;

namespace Grace.Engine.Tools;

/// <summary>Writes a design out as code into the pipeline's workspace. The commit is another tool's.</summary>
public sealed class WriteServiceTool(ServiceTemplates templates, ServiceChooser chooser) : ITool
{
    internal const string DefaultLanguage = "csharp";

    public string Name => "write_service";

    public string Description =>
        "Writes the whole service of a design into the workspace: source, tests for each acceptance criterion, build files and a README. "
        + "Writing the same design again gives the same files.";

    public JsonObject InputSchema => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("design"),
        ["properties"] = new JsonObject
        {
            ["design"] = new JsonObject { ["type"] = "object", ["description"] = "What design_service answered as design." },
            ["language"] = new JsonObject
            {
                ["type"] = "string",
                ["enum"] = new JsonArray([.. templates.Languages.Keys.Select(l => (JsonNode)l)]),
                ["default"] = DefaultLanguage,
            },
            ["framework"] = new JsonObject { ["type"] = new JsonArray("string", "null"), ["description"] = "One that the language's templates use; without it, their plain one. Where it is not installed, the plain one is used, and the answer says so." },
        },
    };

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(60);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (input["design"] is not JsonObject spec) return ToolResult.Failed("design: the object that design_service answers is required.");
        var language = input["language"]?.ToString() ?? DefaultLanguage;
        var framework = input["framework"]?.ToString();
        try
        {
            var choice = await chooser.ChooseAsync(language, framework, null, cancel);
            var design = choice.Settle(ServiceDesign.FromJson(spec), framework);
            var files = templates.Render(design, language, choice.Framework);
            context.Progress($"→ Language: {language}");
            if (choice.Instead is not null) context.Progress($"→ Framework: {choice.Framework} ({choice.Instead})");
            else if (framework is not null) context.Progress($"→ Framework: {framework}");
            var written = await WriteAsync(files, context.Workspace, cancel);
            context.Progress($"→ Wrote {design.Name}: {files.Count} files");
            var output = new JsonObject { ["language"] = language, ["framework"] = choice.Framework, ["files"] = written };
            if (choice.Assumptions.Count > 0) output["assumptions"] = new JsonArray([.. choice.Assumptions.Select(a => (JsonNode)a)]);
            return ToolResult.Done(output, [.. files.Select(f => f.Path)]);
        }
        catch (JsonException broken)
        {
            return ToolResult.Failed($"design: {broken.Message}");
        }
        catch (Exception refused) when (refused is TaskRefusedException or BrokenTemplates)
        {
            return ToolResult.Failed(refused.Message);
        }
    }

    private static async Task<JsonArray> WriteAsync(IReadOnlyList<GeneratedFile> files, string workspace, CancellationToken cancel)
    {
        var targets = files.Select(f => Target(workspace, f.Path)).ToList();
        var written = new JsonArray();
        foreach (var (file, target) in files.Zip(targets))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var bytes = Encoding.UTF8.GetBytes(file.Content);
            await File.WriteAllBytesAsync(target, bytes, cancel);
            written.Add((JsonNode)new JsonObject { ["path"] = file.Path, ["bytes"] = bytes.Length });
        }
        return written;
    }

    /// <summary>
    /// The file's place, which has to be inside the workspace: also with no link on the way, since a repository that
    /// was cloned may hold one that leads out.
    /// </summary>
    private static string Target(string workspace, string path)
    {
        var root = Path.GetFullPath(workspace);
        var target = Path.GetFullPath(path, root);
        if (!target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw Outside(path);
        for (var at = target; at != root; at = Path.GetDirectoryName(at)!)
        {
            if (new FileInfo(at).LinkTarget is not null) throw Outside(path);
        }
        return target;
    }

    private static TaskRefusedException Outside(string path) => new("workspace", path, "leads out of the workspace", "paths inside it, without links");
}
