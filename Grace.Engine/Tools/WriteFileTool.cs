using System.Text;
using System.Text.Json.Nodes;
using Grace.Engine.Knowledge;
using Grace.Engine.Workspaces;
using HandlebarsDotNet;

namespace Grace.Engine.Tools;

/// <summary>Writes one file into the workspace, from a text or from a Handlebars template with values.</summary>
public sealed class WriteFileTool : ITool
{
    const int MostWritten = 1024 * 1024;

    public string Name => "write_file";

    public string Description =>
        "Writes a file into the workspace: content as it is, or template (Handlebars; {{name}}, {{#each list}}…) filled with values. template_file names a template in the workspace instead. The commit is another tool's.";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "required": ["path"],
          "properties": {
            "path": { "type": "string", "description": "Below the workspace" },
            "content": { "type": "string" },
            "template": { "type": "string" },
            "template_file": { "type": "string", "description": "A template in the workspace" },
            "values": { "type": "object", "description": "What the template names" }
          },
          "additionalProperties": false
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(30);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        var given = new[] { "content", "template", "template_file" }.Where(key => input[key] is not null).ToList();
        if (given.Count != 1)
            return ToolResult.Failed($"write_file needs one of content, template and template_file; given {(given.Count == 0 ? "is none" : $"are {string.Join(", ", given)}")}.");
        if (input.Text("path") is not { } path)
            return ToolResult.Failed("path is missing: where to write, below the workspace.");
        if (EnclosedPath.Resolve(context.Workspace, path, out var refused) is not { } target)
            return ToolResult.Failed($"path '{path}' cannot be written: {refused}");
        if (target == context.Workspace || Inside(target, context.Workspace, ".git"))
            return ToolResult.Failed($"path '{path}' cannot be written: it is the workspace itself or git's own.");
        await GitWorkspace.CreateEmptyAsync(context.Workspace, cancel);
        string text;
        try
        {
            text = given[0] == "content" ? input["content"]!.GetValue<string>() : Fill(await Template(input, context, cancel), input["values"] as JsonObject ?? []);
        }
        catch (HandlebarsException broken)
        {
            return ToolResult.Failed($"The template cannot be filled: {broken.Message}");
        }
        catch (FileNotFoundException missing)
        {
            return ToolResult.Failed(missing.Message);
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > MostWritten)
            return ToolResult.Failed($"{path} would have {bytes.Length} bytes; at most {MostWritten} are written.");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await File.WriteAllBytesAsync(target, bytes, cancel);
        context.Progress($"→ Wrote {path}");
        return ToolResult.Done(new JsonObject { ["path"] = path, ["bytes"] = bytes.Length }, path);
    }

    static async Task<string> Template(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (input["template"] is { } inline)
            return inline.GetValue<string>();
        var name = input["template_file"]!.GetValue<string>();
        return EnclosedPath.Resolve(context.Workspace, name, out _) is { } file && File.Exists(file)
            ? await File.ReadAllTextAsync(file, cancel)
            : throw new FileNotFoundException($"There is no template {name} in the workspace.");
    }

    static string Fill(string template, JsonObject values) =>
        Handlebars.Create(new HandlebarsConfiguration { NoEscape = true, ThrowOnUnresolvedBindingExpression = true }).Compile(template)(Plain(values)!);

    static object? Plain(JsonNode? node) => node switch
    {
        JsonObject map => map.ToDictionary(p => p.Key, p => Plain(p.Value)),
        JsonArray list => list.Select(Plain).ToList(),
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        _ => node?.ToJsonString(),
    };

    static bool Inside(string target, string workspace, string folder) =>
        Path.GetRelativePath(workspace, target).Split(Path.DirectorySeparatorChar)[0] == folder;
}
