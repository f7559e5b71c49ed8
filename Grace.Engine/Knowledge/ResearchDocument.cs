using System.Text.Json.Nodes;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge;

/// <param name="Kind">web, github, repository, document, handbook, folder or artifact.</param>
/// <param name="ContentHash">Of the document quoted; of a repository the commit.</param>
public sealed record ResearchSource(string Kind, string Title, string Uri, string? Heading, string? ContentHash);

/// <summary>One thing found: a verbatim quote, or a claim that the source's own files state.</summary>
/// <param name="Rank">As the source ranked it; comparable within one kind of source only. Null where nothing was ranked.</param>
public sealed record ResearchFinding(string? Quote, string? Claim, ResearchSource Source, double? Rank);

/// <summary>What Research hands to Design: what was found where, and what could not be consulted. Nothing in it is made up.</summary>
/// <param name="Sources">The distinct sources of the findings, in the order of their citation numbers (the first is [1]).</param>
public sealed record ResearchDocument(
    string Summary, IReadOnlyList<ResearchFinding> Findings, JsonObject? Repository, IReadOnlyList<ResearchSource> Sources,
    IReadOnlyList<Gap> Gaps, string Markdown)
{
    private const int FindingLimit = 24;

    /// <summary>Pure: the same material gives the same document.</summary>
    public static ResearchDocument Compose(ResearchMaterial material)
    {
        var findings = material.Findings()
            .DistinctBy(finding => finding.Quote is { } quote ? CleanText.Line(quote, 2000) : $"{finding.Source.Uri} {finding.Claim}")
            .Take(FindingLimit)
            .ToList();
        // Passages of one document are one source; the heading belongs to the quote.
        var sources = findings.Select(finding => finding.Source with { Heading = null }).Distinct().ToList();
        var gaps = material.Gaps().DistinctBy(gap => (gap.Source, gap.Reason)).ToList();
        var summary = Summarise(material.Task, findings, sources, gaps);
        var document = new ResearchDocument(summary, findings, material.Repository, sources, gaps, "");
        return document with { Markdown = ResearchMarkdown.Write(material.Task, document) };
    }

    private static string Summarise(
        string task, List<ResearchFinding> findings, List<ResearchSource> sources, List<Gap> gaps)
    {
        var about = CleanText.Line(task, 200);
        var found = findings.Count == 0
            ? $"Nothing was found on \"{about}\" in the sources that could be consulted."
            : $"{Counted(findings.Count, "finding")} from {Counted(sources.Count, "source")} on \"{about}\".";
        return gaps.Count == 0 ? found : $"{found} {Counted(gaps.Count, "gap")}: {string.Join(", ", gaps.Select(gap => gap.Source).Distinct())}.";
    }

    private static string Counted(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
