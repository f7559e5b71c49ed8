using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Knowledge;
using Grace.Engine.Knowledge.Repositories;
using Grace.Engine.Log;
using Grace.Engine.Text;

namespace Grace.Engine.Tools;

/// <summary>Describes the repository a pipeline works on, from its files and history.</summary>
/// <param name="otherRoots">Folders outside the workspace that may be analysed; none by default.</param>
public sealed class AnalyseRepositoryTool(IReadOnlyList<string>? otherRoots = null, AnalysisLimits? limits = null) : ITool
{
    private const int DependenciesShown = 60;
    private const int ReadmeShown = 1500;

    public string Name => "analyse_repository";

    public string Description =>
        "Reads a git repository and reports languages, build and test commands, entry points, dependencies, readme, license, CI and recent history. Executes nothing.";

    public JsonObject InputSchema { get; } = JsonNode.Parse("""
        {
          "type": "object",
          "properties": {
            "path": { "type": "string", "description": "Below the workspace; left out, the workspace itself." },
            "source": { "type": "string", "description": "Where the workspace was cloned from, for the report" }
          }
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(2);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        var path = JsonText.Text(input["path"]) ?? context.Workspace;
        string? refused = null;
        var root = new[] { context.Workspace }.Concat(otherRoots ?? [])
            .Select(folder => EnclosedPath.Resolve(folder, path, out refused))
            .FirstOrDefault(full => full is not null && Directory.Exists(full));
        if (root is null)
            return ToolResult.Failed(refused is null
                ? $"There is no repository at {path}. Start the pipeline with a repository, or run this once the workspace exists."
                : $"{path} cannot be analysed: {refused} Name a folder inside the workspace.");

        var found = await RepositoryAnalysis.ReadAsync(root, limits, cancel);
        // The workspace is a copy that forgot where it came from; the playbook knows.
        if (JsonText.Text(input["source"]) is { } source)
            found = found with
            {
                GitHub = found.GitHub ?? RemoteAddress.GitHubName(source),
                Name = RemoteAddress.GitHubName(source) ?? Path.GetFileNameWithoutExtension(source.TrimEnd('/')),
            };
        context.Progress(found.GitHub is { } name ? $"→ GitHub: {name} repo" : $"→ Repository: {found.Name}");
        return ToolResult.Done(Shown(found), found.Remote ?? root);
    }

    /// <summary>Short enough for an event; what is cut is counted.</summary>
    private static JsonNode Shown(RepositoryAnalysis found)
    {
        var leftOut = found.LeftOut.ToList();
        if (found.Dependencies.Count > DependenciesShown)
            leftOut.Add(new LeftOut("dependencies", found.Dependencies.Count - DependenciesShown, $"The report lists {DependenciesShown}."));
        var shown = found with
        {
            Dependencies = [.. found.Dependencies.Take(DependenciesShown)],
            Readme = found.Readme is { Text.Length: > ReadmeShown } readme
                ? readme with { Text = CleanText.Of(readme.Text[..ReadmeShown]), Whole = false } : found.Readme,
            LeftOut = leftOut,
        };
        var node = JsonSerializer.SerializeToNode(shown, Wire.Json)!;
        node["dependency_count"] = found.Dependencies.Count;
        return node;
    }
}
