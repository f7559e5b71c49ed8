using System.Text.Json.Nodes;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge;

/// <summary>
/// What the research tools brought. Each part is a tool's output, or an envelope {success, output, error} of the call, or null when
/// the tool was not called.
/// </summary>
public sealed class ResearchMaterial
{
    private readonly Part knowledge;
    private readonly Part documents;
    private readonly Part web;
    private readonly Part repository;
    private readonly IReadOnlyList<string> asked;

    /// <param name="input">{task, context, knowledge, repository, documents, web, sources_requested}, as the tool compose_research takes it.</param>
    public ResearchMaterial(JsonObject input)
    {
        Task = JsonText.Text(input["task"]) ?? "";
        knowledge = Part.Of(input["knowledge"]);
        documents = Part.Of(input["documents"]);
        web = Part.Of(input["web"]);
        repository = Part.Of(input["repository"]);
        asked = [.. JsonText.List(input["sources_requested"])
            .Concat(JsonText.List(JsonText.Object(input["context"])?["sources"]))
            .Select(name => name.ToLowerInvariant()).Distinct()];
    }

    public string Task { get; }

    public JsonObject? Repository => HasRepository ? repository.Output!.DeepClone().AsObject() : null;

    private bool HasRepository => JsonText.Number(repository.Output?["files"], 0) > 0;

    /// <summary>Named documents first, then knowledge, the repository, the web; within each in the order the tool ranked them.</summary>
    public IEnumerable<ResearchFinding> Findings() =>
        FromDocuments().Concat(Quotes(knowledge, "kind", "handbook"))
            .Concat(HasRepository ? RepositoryFindings.Of(repository.Output!) : [])
            .Concat(Quotes(web, "", "web"));

    /// <summary>Every source that was asked for or tried and gave nothing.</summary>
    public IEnumerable<Gap> Gaps()
    {
        foreach (var name in asked)
            if (SourceGap(name) is { } gap) yield return gap;
        foreach (var (name, part) in ((string, Part)[])[("web", web), ("github", repository), ("rag", knowledge), ("documents", documents)])
            if (part.Error is not null && !asked.Any(other => Canonical(other) == name)) yield return SourceGap(name)!;
        foreach (var gap in Objects(documents.Output?["gaps"]))
            yield return new Gap(
                JsonText.Text(gap["source"]) ?? "document", JsonText.Text(gap["reason"]) ?? "It was not available.", JsonText.Text(gap["how_to_close"]) ?? "");
    }

    private Gap? SourceGap(string name) => Canonical(name) switch
    {
        "web" when web.Output is null => new Gap(
            name, web.Error ?? "Web search was not run.", "Set Grace:Search:Provider and Grace:Search:Endpoint."),
        "web" => Empty(web.Output["findings"]) ? new Gap(name, "The web search found nothing.", "Ask with other words.") : null,
        "github" when !HasRepository => new Gap(
            name, repository.Error ?? (repository.Output is null ? "No repository was analysed." : "The repository has no files yet."),
            "Start the pipeline with a repository."),
        "github" => JsonText.Text(repository.Output!["github"]) is null
            ? new Gap(name, $"The repository analysed ({JsonText.Text(repository.Output["name"])}) has no remote on GitHub, and GitHub itself is not searched.",
                "Start the pipeline with a clone of the GitHub repository to look at.")
            : null,
        "repository" => HasRepository ? null : new Gap(
            name, repository.Error ?? "No repository with files was analysed.", "Start the pipeline with a repository."),
        "rag" when knowledge.Output is null => new Gap(name, knowledge.Error ?? "The knowledge base was not searched.", "Let the playbook call knowledge_search."),
        "rag" => Empty(knowledge.Output["findings"])
            ? new Gap(name, "The knowledge base has nothing on this.", "Add Markdown to one of Grace:Knowledge:Folders.") : null,
        "documents" => Empty(documents.Output?["documents"])
            ? new Gap(name, documents.Error ?? "No document could be read.", "Name documents in the context, as \"documents\".") : null,
        _ => new Gap(name, "There is no such source.", "Known sources: web, github, repository, rag, documents."),
    };

    private static string Canonical(string name) => name switch
    {
        "web" or "internet" or "firefox" or "web_search" => "web",
        "github" => "github",
        "repository" or "repo" or "git" or "code" => "repository",
        "rag" or "knowledge" or "handbook" or "knowledge_search" => "rag",
        "documents" or "docs" or "documentation" or "document" => "documents",
        _ => name,
    };

    private IEnumerable<ResearchFinding> FromDocuments() =>
        from document in Objects(documents.Output?["documents"])
        from passage in Objects(document["passages"])
        let finding = Quote(passage, document, "document")
        where finding is not null
        select finding;

    private static IEnumerable<ResearchFinding> Quotes(Part part, string kindKey, string kind) =>
        Objects(part.Output?["findings"]).Select(found => Quote(found, found, JsonText.Text(found[kindKey]) ?? kind)).OfType<ResearchFinding>();

    /// <summary>Null for a quote without text or without a source: it could not be checked.</summary>
    private static ResearchFinding? Quote(JsonObject passage, JsonObject source, string kind)
    {
        if (JsonText.Text(passage["quote"]) is not { } quote || JsonText.Text(source["uri"]) is not { } uri) return null;
        var rank = JsonText.Number(passage["rank"], double.NaN);
        return new ResearchFinding(
            quote, null,
            new ResearchSource(kind, JsonText.Text(source["title"]) ?? uri, uri, JsonText.Text(passage["heading"]), JsonText.Text(source["content_hash"])),
            double.IsNaN(rank) ? null : Math.Round(rank, 4));
    }

    internal static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray)?.OfType<JsonObject>() ?? [];

    private static bool Empty(JsonNode? list) => list is not JsonArray { Count: > 0 };

    private sealed record Part(JsonObject? Output, string? Error)
    {
        public static Part Of(JsonNode? node)
        {
            if (JsonText.Object(node) is not { } given) return new Part(null, null);
            if (!given.ContainsKey("success")) return new Part(given, null);
            return JsonText.Text(given["success"]) == "true"
                ? new Part(JsonText.Object(given["output"]), null)
                : new Part(null, JsonText.Text(given["error"]) ?? "The call failed and gave no reason.");
        }
    }
}
