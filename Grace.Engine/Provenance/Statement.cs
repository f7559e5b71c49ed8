using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Provenance;

/// <summary>
/// A pipeline's code as an in-toto statement with SLSA provenance: commit, tree and files are its subjects; where each line
/// comes from stands in the predicate's own fields, grace_origins and grace_files. Pure: the same log gives the same statement.
/// </summary>
public static class Statement
{
    public const string Type = "https://in-toto.io/Statement/v1";
    public const string PredicateType = "https://slsa.dev/provenance/v1";
    public const string PayloadType = "application/vnd.in-toto+json";

    /// <summary>externalParameters: task, phases, repository and overrides; resolvedDependencies: the artifacts that the code was made from.</summary>
    public const string BuildType = "urn:grace:build-type:pipeline:1";

    /// <param name="keyId">Of the installation that vouches for it.</param>
    public static JsonObject Of(Pipeline pipeline, ProvenanceReport report, string keyId, string graceVersion)
    {
        var code = report.Code;
        var origins = code.Origins.Values.ToList();
        return new()
        {
            ["_type"] = Type,
            ["subject"] = new JsonArray(
            [
                new JsonObject { ["name"] = "commit", ["digest"] = new JsonObject { ["gitCommit"] = code.Commit } },
                new JsonObject { ["name"] = "tree", ["digest"] = new JsonObject { ["gitTree"] = code.Tree } },
                .. report.Files.Select(f => (JsonNode)new JsonObject { ["name"] = f.Path, ["digest"] = new JsonObject { ["sha256"] = f.Sha256 } }),
            ]),
            ["predicateType"] = PredicateType,
            ["predicate"] = new JsonObject
            {
                ["buildDefinition"] = new JsonObject
                {
                    ["buildType"] = BuildType,
                    ["externalParameters"] = new JsonObject
                    {
                        ["task"] = pipeline.Task,
                        ["phases"] = new JsonArray([.. pipeline.Phases.Select(p => (JsonNode)p.Phase.Name())]),
                        ["repository"] = pipeline.Repository is { } repository ? GitSource.Redact(repository) : null,
                        ["overrides"] = Overrides(origins.SelectMany(o => o.Overrides).Distinct()),
                    },
                    ["resolvedDependencies"] = new JsonArray([.. origins.SelectMany(o => o.Inputs).Distinct().Select(i => (JsonNode)new JsonObject
                    {
                        ["name"] = i.ArtifactId, ["digest"] = Digest(i.ContentHash),
                    })]),
                },
                ["runDetails"] = new JsonObject
                {
                    ["builder"] = new JsonObject { ["id"] = $"urn:grace:installation:{keyId}", ["version"] = new JsonObject { ["grace"] = graceVersion } },
                    ["metadata"] = new JsonObject
                    {
                        ["invocationId"] = pipeline.Id, ["startedOn"] = Time(pipeline.StartedAt), ["finishedOn"] = Time(code.Made.CreatedAt),
                    },
                    ["byproducts"] = new JsonArray([.. origins.Select(o => (JsonNode)new JsonObject { ["name"] = o.ArtifactId, ["digest"] = Digest(o.ContentHash) })]),
                },
                ["grace_origins"] = new JsonArray([.. origins.Select(o => (JsonNode)Origin(o))]),
                ["grace_files"] = new JsonArray([.. report.Files.Select(f => (JsonNode)new JsonObject
                {
                    ["path"] = f.Path,
                    ["lines"] = new JsonArray([.. f.Lines.Select(l => (JsonNode)new JsonObject { ["from"] = l.From, ["to"] = l.To, ["commit"] = l.Commit })]),
                })]),
                ["grace_files_cut"] = report.Cut,
            },
        };
    }

    public static JsonObject Origin(CodeOrigin o) => new()
    {
        ["commit"] = o.Commit,
        ["artifact_id"] = o.ArtifactId,
        ["phase"] = o.Phase.Name(),
        ["attempt"] = o.Attempt,
        ["recovery"] = o.Recovery,
        ["playbook"] = o.Playbook is { } p ? new JsonObject { ["id"] = p.Id, ["version"] = p.Version } : null,
        ["tools"] = new JsonArray([.. o.Tools.Select(t => (JsonNode)t)]),
        ["overrides"] = Overrides(o.Overrides),
    };

    static JsonArray Overrides(IEnumerable<OverrideInForce> overrides) => new([.. overrides.Select(o => (JsonNode)new JsonObject
    {
        ["override"] = o.Values.DeepClone(), ["reason"] = o.Reason, ["by"] = o.By, ["at"] = Time(o.At),
    })]);

    static JsonObject Digest(string contentHash) => new() { ["sha256"] = contentHash[(contentHash.IndexOf(':') + 1)..] };

    static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The bytes that are signed.</summary>
    public static byte[] Bytes(JsonObject statement) => JsonSerializer.SerializeToUtf8Bytes(statement, Wire.Json);
}
