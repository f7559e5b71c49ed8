namespace Grace.Engine.Artifacts;

/// <summary>The part of a text that matched: pure.</summary>
/// <param name="Highlights">Where in the text the words stand that matched.</param>
public sealed record Excerpt(string Text, IReadOnlyList<Excerpt.Span> Highlights)
{
    public sealed record Span(int Start, int Length);

    public const char Open = '\u0002';
    public const char Close = '\u0003';
    const int Before = 80;
    const int Longest = 320;
    const int MostHighlights = 40;

    /// <summary>A text in which what matched stands between <see cref="Open"/> and <see cref="Close"/>.</summary>
    public static Excerpt Marked(string marked)
    {
        var text = new System.Text.StringBuilder();
        List<Span> spans = [];
        var began = 0;
        foreach (var c in marked)
            if (c == Open)
                began = text.Length;
            else if (c == Close)
                spans.Add(new(began, text.Length - began));
            else
                text.Append(c);
        return new(text.ToString(), spans);
    }

    /// <summary>
    /// Around the first place at which the longest of the words stands that is there, also in the middle of another: code runs
    /// words together.
    /// </summary>
    public static Excerpt Around(string text, IReadOnlyCollection<string> words)
    {
        var first = words.OrderByDescending(w => w.Length).Select(w => text.IndexOf(w, StringComparison.OrdinalIgnoreCase)).Where(at => at >= 0).FirstOrDefault();
        var start = Math.Max(0, first - Before);
        var cut = text[start..Math.Min(text.Length, start + Longest)];
        List<Span> spans = [];
        foreach (var word in words)
            for (var at = 0; spans.Count < MostHighlights && (at = cut.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0; at += word.Length)
                spans.Add(new(at, word.Length));
        return new(cut, [.. spans.OrderBy(s => s.Start)]);
    }
}
