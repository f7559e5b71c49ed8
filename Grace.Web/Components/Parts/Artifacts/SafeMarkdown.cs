using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Grace.Web.Components.Parts.Artifacts;

/// <summary>
/// Markdown of an artifact as HTML that is ours: no raw HTML, only links that are safe to follow, images as links (showing
/// one would tell its server who reads). Headings begin two levels down, below the page's own.
/// </summary>
static class SafeMarkdown
{
    /// <summary>Characters; the rest is left out.</summary>
    public const int Most = 200_000;

    const int Down = 2;
    const int Lowest = 6;
    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml().Build();

    /// <param name="withoutMermaid">For a diagram that is drawn beside it.</param>
    public static string Html(string text, bool withoutMermaid = false)
    {
        var document = Markdown.Parse(text.Length <= Most ? text : text[..Most], Pipeline);
        foreach (var heading in document.Descendants<HeadingBlock>())
            heading.Level = Math.Min(Lowest, heading.Level + Down);
        foreach (var link in document.Descendants<LinkInline>())
        {
            link.IsImage = false;
            link.Url = Checked(link.GetDynamicUrl?.Invoke() ?? link.Url);
            link.GetDynamicUrl = null;
            Apart(link, link.Url);
        }
        foreach (var link in document.Descendants<AutolinkInline>())
        {
            link.Url = link.IsEmail ? link.Url : Checked(link.Url);
            Apart(link, link.Url);
        }
        if (withoutMermaid)
            foreach (var diagram in document.OfType<FencedCodeBlock>().Where(b => b.Info == "mermaid").ToList())
                Remove(document, diagram);
        return document.ToHtml(Pipeline);
    }

    /// <summary>With the heading that stood over it alone.</summary>
    static void Remove(MarkdownDocument document, FencedCodeBlock diagram)
    {
        var at = document.IndexOf(diagram);
        document.RemoveAt(at);
        if (at > 0 && document[at - 1] is HeadingBlock && (at == document.Count || document[at] is HeadingBlock))
            document.RemoveAt(at - 1);
    }

    static string Checked(string? url) =>
        url is { Length: > 0 } && (url[0] == '#' || (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto")) ? url : "#";

    static void Apart(MarkdownObject link, string url)
    {
        if (url[0] == '#')
            return;
        link.GetAttributes().AddPropertyIfNotExist("target", "_blank");
        link.GetAttributes().AddPropertyIfNotExist("rel", "noreferrer noopener");
    }
}
