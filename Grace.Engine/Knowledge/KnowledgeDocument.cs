using System.Security.Cryptography;
using System.Text;

namespace Grace.Engine.Knowledge;

/// <summary>Where knowledge comes from; the names are those in the database and in JSON.</summary>
public static class KnowledgeKind
{
    /// <summary>Shipped with Grace.</summary>
    public const string Handbook = "handbook";

    /// <summary>Markdown in one of the configured folders.</summary>
    public const string Folder = "folder";

    /// <summary>Made by an earlier pipeline.</summary>
    public const string Artifact = "artifact";

    public static readonly IReadOnlyList<string> All = [Handbook, Folder, Artifact];
}

/// <summary>A document as it is handed to the index.</summary>
internal sealed record KnowledgeDocument(
    string SourceKey, string Kind, string Collection, string FallbackTitle, string Uri, string Text,
    string? PipelineId = null, string? ArtifactType = null)
{
    public string ContentHash { get; } = KnowledgeHash.Of(Text);
}

/// <summary>What a citation pins: "sha256:" and 64 hex digits over the UTF-8 text, as everywhere in Grace.</summary>
internal static class KnowledgeHash
{
    public static string Of(string text) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}

/// <summary>What one run of indexing did.</summary>
/// <param name="Added">Documents seen for the first time.</param>
/// <param name="Changed">Documents whose content differs from what was indexed.</param>
/// <param name="Unchanged">Documents left as they were.</param>
/// <param name="Removed">Documents that are no longer there.</param>
/// <param name="Skipped">What was not indexed, each with its reason.</param>
public sealed record IndexReport(int Added, int Changed, int Unchanged, int Removed, IReadOnlyList<SkippedDocument> Skipped);

public sealed record SkippedDocument(string Path, string Reason);

/// <summary>One passage that answers a search.</summary>
/// <param name="Quote">Verbatim text of the passage around the words that matched; parts left out are marked by " … ".</param>
/// <param name="Heading">The headings above the passage, outermost first, joined by " › "; empty before the first.</param>
/// <param name="Rank">ts_rank_cd of the passage, between 0 and 1; comparable within one search only.</param>
/// <param name="Coverage">The share of the question's weight that the passage covers, between 0 and 1; 1 when every word is in it.</param>
/// <param name="ContentHash">SHA-256 of the whole document as indexed.</param>
/// <param name="Words">The words of the quote that matched.</param>
public sealed record KnowledgeFinding(
    string Quote, string Kind, string Title, string Heading, string Uri, double Rank, double Coverage, string ContentHash,
    IReadOnlyList<string> Words);
