using System.Text;
using System.Text.Json.Nodes;
using Grace.Engine.Access;
using Grace.Engine.Artifacts;
using Grace.Engine.Log;
using Grace.Engine.Workspaces;
using Grace.Web.Access;

namespace Grace.Web.Api;

/// <summary>The files of code artifacts, as their commits have them.</summary>
static class CodeEndpoints
{
    public static void MapCode(this RouteGroupBuilder api)
    {
        api.MapGet("/artifacts/{id}/files", List).Needs(Right.Read).WithSummary("The files of a code artifact: {artifact_id, commit, files: [{path, size}], total}").ProducesProblem(404);
        api.MapGet("/artifacts/{id}/files/{**path}", Read).Needs(Right.Read).WithSummary("One file of a code artifact, as plain text").ProducesProblem(404);
    }

    static async Task<IResult> List(string id, ArtifactReviews artifacts, ContentShelf shelf, CodeFiles code, CancellationToken cancel)
    {
        var (artifact, commit) = await FindAsync(id, artifacts, shelf, cancel);
        var tree = await Told(() => code.ListAsync(artifact.PipelineId, artifact.Metadata, commit, cancel));
        return Results.Json(new { ArtifactId = id, tree.Commit, Files = tree.Files.Select(f => new { f.Path, f.Size }), tree.Total }, Wire.Json);
    }

    static async Task<IResult> Read(string id, string path, HttpContext http, ArtifactReviews artifacts, ContentShelf shelf, CodeFiles code, CancellationToken cancel)
    {
        var (artifact, commit) = await FindAsync(id, artifacts, shelf, cancel);
        if (path.Contains('\0') || await Told(() => code.ReadAsync(artifact.PipelineId, artifact.Metadata, commit, path, int.MaxValue, cancel)) is not { } file)
            throw new NotThere($"Artifact '{id}' has no file '{path}'.");
        if (file.Text is null)
            throw new NotThere($"'{path}' is no text, or has more than {CodeFiles.LargestRead} bytes ({file.File.Size}).");
        // Text of others under our address: it is shown as text, whatever it says of itself.
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return Results.Text(file.Text, "text/plain", Encoding.UTF8);
    }

    static async Task<(Artifact Artifact, string Commit)> FindAsync(string id, ArtifactReviews artifacts, ContentShelf shelf, CancellationToken cancel)
    {
        try
        {
            var (artifact, _) = await artifacts.ReadAsync(id, cancel);
            return artifact.MediaType == "application/json" && JsonNode.Parse(await shelf.ReadAsync(artifact.ContentHash, cancel)) is JsonObject content
                && content["commit"] is JsonValue value && value.TryGetValue<string>(out var commit)
                ? (artifact, commit)
                : throw new NotThere($"Artifact '{id}' is a {artifact.ArtifactType} and names no commit.");
        }
        catch (UnknownArtifact unknown)
        {
            throw new NotThere(unknown.Message);
        }
    }

    static async Task<T> Told<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (GitFailedException unreadable)
        {
            throw new NotThere($"The code cannot be read: {unreadable.Message}");
        }
    }
}
