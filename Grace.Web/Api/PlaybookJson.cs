using System.Text.Json.Nodes;
using Grace.Engine.Learning;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;

namespace Grace.Web.Api;

/// <summary>Playbooks as the contract shows them.</summary>
static class PlaybookJson
{
    public static JsonObject Summary(PlaybookHistory history, Playbook? playbook, IReadOnlyDictionary<(string, int), VersionRate> rates) => new()
    {
        ["id"] = history.Id,
        ["phase"] = playbook?.Phase?.Name(),
        ["description"] = playbook?.Description,
        ["suits"] = playbook?.Suits,
        ["version"] = history.InForce?.Number,
        ["source"] = history.InForce?.Source,
        ["versions_total"] = history.Versions.Count,
        ["success"] = history.InForce is { } current ? Success(rates.GetValueOrDefault((history.Id, current.Number))) : null,
        ["candidate"] = history.Candidate is { } candidate ? Version(candidate, rates.GetValueOrDefault((history.Id, candidate.Number))) : null,
        ["inputs"] = playbook?.Inputs.DeepClone(),
        ["guidance"] = playbook?.Guidance,
        ["lessons"] = playbook is null ? null : new JsonArray([.. playbook.Lessons.Select(l => (JsonNode)l)]),
    };

    public static JsonArray Versions(PlaybookHistory history, IReadOnlyDictionary<(string, int), VersionRate> rates) =>
        [.. history.Versions.OrderByDescending(v => v.Number).Select(v => (JsonNode)Version(v, rates.GetValueOrDefault((history.Id, v.Number))))];

    public static JsonObject Version(PlaybookVersion version, VersionRate? rate) => new()
    {
        ["version"] = version.Number,
        ["status"] = PlaybookDecisions.Words(version.Status).Replace(' ', '_'),
        ["content_hash"] = version.ContentHash,
        ["source"] = version.Source,
        ["at"] = version.At.UtcDateTime.ToString("O"),
        ["by"] = version.By,
        ["base_version"] = version.BaseVersion,
        ["share"] = version.Status == VersionStatus.OnTrial ? version.Share : null,
        ["reason"] = version.StatusReason,
        ["mission_id"] = version.MissionId,
        ["evidence"] = version.Evidence?.DeepClone(),
        ["success"] = Success(rate),
    };

    /// <summary>Decided runs only: what was proven good or not by the verification of their phase.</summary>
    public static JsonObject Success(VersionRate? rate)
    {
        var success = TrialRule.Describe(rate?.All ?? PlaybookRate.None);
        success["undecided"] = rate?.Undecided ?? 0;
        success["mean_seconds"] = rate is null ? null : Math.Round(rate.Seconds, 3);
        success["last_at"] = rate?.LastAt.UtcDateTime.ToString("O");
        return success;
    }

    public static JsonObject With(this JsonObject json, string name, JsonNode? value)
    {
        json[name] = value;
        return json;
    }
}
