using System.Text.Json.Nodes;
using Grace.Engine.Access;
using Grace.Engine.Log;
using Grace.Engine.Provenance;
using Grace.Engine.Workspaces;
using Grace.Web.Access;

namespace Grace.Web.Api;

/// <summary>Where each line of a pipeline's code comes from, and the same signed.</summary>
static class ProvenanceEndpoints
{
    public static void MapProvenance(this RouteGroupBuilder api)
    {
        api.MapGet("/pipelines/{id}/provenance", Lines).Needs(Right.Read).WithSummary("Whose work each line of the code is: of one file by path, or of all that the pipeline wrote").ProducesProblem(404);
        api.MapGet("/pipelines/{id}/attestation", Attest).Needs(Right.Read).WithSummary("The code's in-toto statement with SLSA provenance, in a signed DSSE envelope").ProducesProblem(404);
        api.MapGet("/attestation/key", (SigningKey key) => Results.Json(new { KeyId = key.Id, Algorithm = "ECDSA P-256, SHA-256", PublicKey = Pem(key) }, Wire.Json))
            .Needs(Right.Read).WithSummary("The public key that signs attestations and the log's roots");
    }

    static async Task<IResult> Lines(string id, string? path, CodeProvenance provenance, CancellationToken cancel)
    {
        var report = await Told(() => provenance.OfAsync(id, string.IsNullOrEmpty(path) ? null : path, cancel));
        return Results.Json(new
        {
            report.PipelineId,
            report.Code.Commit,
            report.Code.Tree,
            Files = report.Files.Select(f => new { f.Path, f.Sha256, Lines = f.Lines.Select(Line) }),
            report.Cut,
        }, Wire.Json);
    }

    static async Task<IResult> Attest(string id, Attestation attestation, CancellationToken cancel) =>
        Results.Json(await Told(() => attestation.OfAsync(id, cancel)), Wire.Json);

    static JsonObject Line(LineOrigin line)
    {
        var json = new JsonObject { ["from"] = line.From, ["to"] = line.To, ["commit"] = line.Commit, ["summary"] = line.Summary };
        if (line.Origin is { } origin)
            foreach (var (name, value) in Statement.Origin(origin))
                json[name] = value?.DeepClone();
        return json;
    }

    static async Task<T> Told<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (NoProvenance nothing)
        {
            throw new NotThere(nothing.Message);
        }
        catch (GitFailedException unreadable)
        {
            throw new NotThere($"The commits cannot be read: {unreadable.Message}");
        }
    }

    static string Pem(SigningKey key) => System.Security.Cryptography.PemEncoding.WriteString("PUBLIC KEY", key.PublicKey);
}
