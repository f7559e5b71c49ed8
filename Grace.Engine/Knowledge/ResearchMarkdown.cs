using System.Text;
using System.Text.Json.Nodes;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge;

/// <summary>The research as a document to read, each quote with its citation.</summary>
internal static class ResearchMarkdown
{
    public static string Write(string task, ResearchDocument document)
    {
        var text = new StringBuilder();
        text.Append("# Research: ").Append(CleanText.Line(task, 200)).Append("\n\n").Append(document.Summary).Append('\n');
        text.Append("\n## Findings\n\n");
        if (document.Findings.Count == 0)
            text.Append("None. Nothing below was inferred to fill this place; see the gaps for what could not be consulted.\n");
        foreach (var finding in document.Findings) Finding(text, finding, document.Sources);
        if (document.Repository is { } repository) Repository(text, repository);
        if (document.Sources.Count > 0) Sources(text, document.Sources);
        if (document.Gaps.Count > 0) Gaps(text, document.Gaps);
        return text.ToString();
    }

    private static void Finding(StringBuilder text, ResearchFinding finding, IReadOnlyList<ResearchSource> sources)
    {
        var number = sources.ToList().IndexOf(finding.Source with { Heading = null }) + 1;
        if (finding.Quote is not { } quote)
        {
            text.Append("- ").Append(CleanText.Line(finding.Claim ?? "", 500)).Append($" [{number}]\n\n");
            return;
        }
        foreach (var line in quote.Split('\n')) text.Append(line.Length == 0 ? ">" : "> ").Append(line).Append('\n');
        var place = string.IsNullOrEmpty(finding.Source.Heading) ? finding.Source.Title : $"{finding.Source.Title} › {finding.Source.Heading}";
        text.Append("\n— ").Append(Plain(place)).Append($" [{number}]\n\n");
    }

    private static void Repository(StringBuilder text, JsonObject repository)
    {
        text.Append("## Repository ").Append(Plain(JsonText.Text(repository["name"]) ?? "")).Append("\n\n");
        Row("Commit", JsonText.Text(repository["commit"]));
        Row("Files", JsonText.Text(repository["files"]));
        Row("License", Joined("licenses", license => $"{JsonText.Text(license["spdx"]) ?? "unrecognised"} ({JsonText.Text(license["path"])})"));
        Row("Needs", Joined("runtimes", r => $"{JsonText.Text(r["runtime"])} {JsonText.Text(r["version"])}"));
        Row("Entry points", Joined("entry_points", entry => $"{JsonText.Text(entry["path"])} ({JsonText.Text(entry["kind"])})"));
        Row("Dependencies", Joined("dependencies", d => $"{JsonText.Text(d["name"])} {JsonText.Text(d["version"])}".TrimEnd()));
        foreach (var left in ResearchMaterial.Objects(repository["left_out"]))
            Row("Left out", $"{(JsonText.Text(left["count"]) is { } count and not "0" ? count + " " : "")}{JsonText.Text(left["what"])}: {JsonText.Text(left["why"])}");
        text.Append('\n');

        void Row(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) text.Append($"- {name}: ").Append(Plain(value)).Append('\n');
        }

        string Joined(string key, Func<JsonObject, string> shown)
        {
            var all = ResearchMaterial.Objects(repository[key]).ToList();
            var list = string.Join(", ", all.Take(12).Select(shown));
            return all.Count > 12 ? $"{list}, and {all.Count - 12} more" : list;
        }
    }

    private static void Sources(StringBuilder text, IReadOnlyList<ResearchSource> sources)
    {
        text.Append("## Sources\n\n");
        for (var i = 0; i < sources.Count; i++)
        {
            var source = sources[i];
            text.Append($"{i + 1}. ").Append(Plain(source.Title)).Append(", ").Append(source.Kind).Append(", `")
                .Append(CleanText.Line(source.Uri, 1000).Replace('`', '\'')).Append('`');
            if (source.ContentHash is { Length: > 0 } hash) text.Append(", content ").Append(Plain(Short(hash)));
            text.Append('\n');
        }
        text.Append('\n');
    }

    private static void Gaps(StringBuilder text, IReadOnlyList<Gap> gaps)
    {
        text.Append("## Gaps\n\n");
        foreach (var gap in gaps)
            text.Append("- **").Append(Plain(gap.Source)).Append("**: ").Append(Plain(gap.Reason)).Append(' ').Append(Plain(gap.HowToClose)).Append('\n');
    }

    private static string Short(string hash)
    {
        var digits = hash[(hash.IndexOf(':') + 1)..];
        return digits[..Math.Min(12, digits.Length)];
    }

    /// <summary>Text of others that must not become a heading, a link or a tag.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (var c in CleanText.Line(text, 1000))
        {
            if (c is '\\' or '[' or ']' or '<' or '>' or '*' or '_' or '`') plain.Append('\\');
            plain.Append(c);
        }
        return plain.ToString();
    }
}
