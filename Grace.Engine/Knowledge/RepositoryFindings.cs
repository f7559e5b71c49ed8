using System.Globalization;
using System.Text.Json.Nodes;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge;

/// <summary>The few facts of an analysis that a design has to respect, each with the file that says so.</summary>
internal static class RepositoryFindings
{
    public static IEnumerable<ResearchFinding> Of(JsonObject analysis)
    {
        var name = JsonText.Text(analysis["name"]) ?? "repository";
        var at = JsonText.Text(analysis["remote"]) ?? name;
        var commit = JsonText.Text(analysis["commit"]);
        var kind = JsonText.Text(analysis["github"]) is null ? "repository" : "github";

        var languages = ResearchMaterial.Objects(analysis["languages"]).Take(3)
            .Select(l => $"{JsonText.Text(l["language"])} {Percent(JsonText.Number(l["share"], 0))}").ToList();
        if (languages.Count > 0) yield return Claim($"Written in {string.Join(", ", languages)} (by size).", at, null);
        foreach (var command in ResearchMaterial.Objects(analysis["commands"]).Take(4))
            yield return Claim(
                $"{(JsonText.Text(command["purpose"]) == "test" ? "Tested" : "Built")} with `{JsonText.Text(command["command"])}`.",
                JsonText.Text(command["evidence"]) ?? at, null);
        if (LicenseClaims.Difference(ResearchMaterial.Objects(analysis["licenses"])) is { } difference) yield return Claim(difference, at, null);
        if (JsonText.Object(analysis["readme"]) is { } readme && JsonText.Text(readme["text"]) is { } text)
            yield return new ResearchFinding(
                Opening(text), null,
                new ResearchSource(kind, name, JsonText.Text(readme["path"]) ?? at, "Readme", JsonText.Text(readme["content_hash"])), null);

        ResearchFinding Claim(string claim, string uri, string? heading) =>
            new(null, claim, new ResearchSource(kind, name, uri, heading, commit), null);
    }

    private static string Opening(string text) => text.Length <= 500 ? text : CleanText.Of(text[..500]).TrimEnd() + " …";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");
}
