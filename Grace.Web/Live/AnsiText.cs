using System.Text;

namespace Grace.Web.Live;

/// <summary>A stretch of a line that looks the same.</summary>
/// <param name="Look">Names of classes; empty for plain text.</param>
/// <param name="Hit">It is what was searched for.</param>
public sealed record AnsiRun(string Text, string Look, bool Hit = false);

/// <summary>
/// A console's line as text and looks: colours (16, 256, true) become eight named ones that each theme can show readably,
/// every other escape sequence is left out, and nothing is ever markup. Each line begins plain. Pure.
/// </summary>
public static class AnsiText
{
    static readonly string[] Names = ["grey", "red", "green", "yellow", "blue", "magenta", "cyan", "ink"];

    public static string Plain(string line) => line.AsSpan().ContainsAnyInRange('\0', '\x9f') && line.Any(char.IsControl) ? string.Concat(Runs(line).Select(r => r.Text)) : line;

    public static IReadOnlyList<AnsiRun> Runs(string line)
    {
        // What a carriage return wrote over is not to be seen.
        var end = line.TrimEnd('\r', '\n');
        var text = end.LastIndexOf('\r') is >= 0 and var over ? end[(over + 1)..] : end;
        List<AnsiRun> runs = [];
        var (style, said) = (new Style(), new StringBuilder());
        void Close()
        {
            if (said.Length > 0)
                runs.Add(new(said.ToString(), style.Look));
            said.Clear();
        }
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            if (c is '\x1b' or '\x9b' or '\x9d')
            {
                var (next, codes) = Sequence(text, at);
                if (codes is not null)
                {
                    Close();
                    style = style.With(codes);
                }
                at = next;
                continue;
            }
            if (c == '\t' || !char.IsControl(c))
                said.Append(c);
            at++;
        }
        Close();
        return runs;
    }

    /// <summary>The same line with what was searched for told apart, wherever its colours change.</summary>
    public static IReadOnlyList<AnsiRun> Runs(string line, string? sought)
    {
        var runs = Runs(line);
        if (string.IsNullOrEmpty(sought))
            return runs;
        var text = string.Concat(runs.Select(r => r.Text));
        HashSet<int> edges = [];
        List<(int From, int To)> hits = [];
        for (var at = 0; (at = text.IndexOf(sought, at, StringComparison.OrdinalIgnoreCase)) >= 0; at += sought.Length)
        {
            hits.Add((at, at + sought.Length));
            edges.UnionWith([at, at + sought.Length]);
        }
        if (hits.Count == 0)
            return runs;
        List<AnsiRun> split = [];
        var (start, hit) = (0, 0);
        foreach (var run in runs)
        {
            for (var from = start; from < start + run.Text.Length;)
            {
                var to = from + 1;
                while (to < start + run.Text.Length && !edges.Contains(to))
                    to++;
                while (hit < hits.Count && hits[hit].To <= from)
                    hit++;
                split.Add(new(text[from..to], run.Look, hit < hits.Count && hits[hit].From <= from));
                from = to;
            }
            start += run.Text.Length;
        }
        return split;
    }

    /// <summary>Where an escape sequence ends, and its codes where it sets a look.</summary>
    static (int Next, int[]? Codes) Sequence(string text, int at)
    {
        var kind = text[at] switch { '\x9b' => '[', '\x9d' => ']', _ => at + 1 < text.Length ? text[at + 1] : ' ' };
        var from = text[at] == '\x1b' ? at + 2 : at + 1;
        if (kind == '[')
        {
            var end = from;
            while (end < text.Length && text[end] is >= ' ' and <= '?')
                end++;
            return end >= text.Length ? (text.Length, null) : (end + 1, text[end] == 'm' ? Codes(text[from..end]) : null);
        }
        if (kind is ']' or 'P' or '_' or '^' or 'X')
        {
            // A title or a link: up to the bell or ESC \, and to the end of the line where that is missing.
            for (var end = from; end < text.Length; end++)
            {
                if (text[end] is '\a' or '\x9c')
                    return (end + 1, null);
                if (text[end] == '\x1b')
                    return (end + 1 < text.Length && text[end + 1] == '\\' ? end + 2 : end, null);
            }
            return (text.Length, null);
        }
        // ESC ( B and its like have a letter more.
        return (Math.Min(text.Length, kind is '(' or ')' or '#' or '%' ? from + 1 : from), null);
    }

    static int[] Codes(string parameters) => parameters.Length == 0 ? [0]
        : [.. parameters.Split(';', ':').Take(40).Select(code => code.Length == 0 ? 0 : int.TryParse(code, out var number) ? number : -1)];

    readonly record struct Style(string? Ink, string? Ground, bool Bold, bool Dim, bool Italic, bool Underlined, bool Inverse)
    {
        public string Look => string.Join(' ', new[]
        {
            (Inverse ? Ground : Ink) is { } ink ? $"ink-{ink}" : Dim ? "ink-grey" : null, (Inverse ? Ink ?? "ink" : Ground) is { } ground ? $"on-{ground}" : null,
            Bold ? "bold" : null, Italic ? "italic" : null, Underlined ? "underlined" : null,
        }.OfType<string>());

        public Style With(int[] codes)
        {
            var style = this;
            for (var n = 0; n < codes.Length; n++)
            {
                style = codes[n] switch
                {
                    0 => new(),
                    1 => style with { Bold = true },
                    2 => style with { Dim = true },
                    3 => style with { Italic = true },
                    4 => style with { Underlined = true },
                    7 => style with { Inverse = true },
                    22 => style with { Bold = false, Dim = false },
                    23 => style with { Italic = false },
                    24 => style with { Underlined = false },
                    27 => style with { Inverse = false },
                    >= 30 and <= 37 and var c => style with { Ink = Names[c - 30] },
                    38 => style with { Ink = Far(codes, ref n) },
                    39 => style with { Ink = null },
                    >= 40 and <= 47 and var c => style with { Ground = Names[c - 40] },
                    48 => style with { Ground = Far(codes, ref n) },
                    49 => style with { Ground = null },
                    >= 90 and <= 97 and var c => style with { Ink = Names[c - 90] },
                    >= 100 and <= 107 and var c => style with { Ground = Names[c - 100] },
                    _ => style,
                };
            }
            return style;
        }

        /// <summary>One of 256 (5;n) or a true colour (2;r;g;b).</summary>
        static string? Far(int[] codes, ref int n)
        {
            if (n + 2 < codes.Length && codes[n + 1] == 5)
            {
                n += 2;
                return codes[n] switch
                {
                    < 0 or > 255 => null,
                    < 16 and var c => Names[c % 8],
                    >= 232 and var c => Named((c - 232) * 10 + 8, (c - 232) * 10 + 8, (c - 232) * 10 + 8),
                    var c => Named(Cube((c - 16) / 36), Cube((c - 16) / 6 % 6), Cube((c - 16) % 6)),
                };
            }
            if (n + 4 < codes.Length && codes[n + 1] == 2)
            {
                n += 4;
                return Named(codes[n - 2], codes[n - 1], codes[n]);
            }
            n = codes.Length;
            return null;
        }

        static int Cube(int step) => step == 0 ? 0 : 55 + 40 * step;

        /// <summary>By its hue; what has hardly one is grey or as the text.</summary>
        static string Named(int red, int green, int blue)
        {
            var (r, g, b) = (Math.Clamp(red, 0, 255), Math.Clamp(green, 0, 255), Math.Clamp(blue, 0, 255));
            var (most, least) = (Math.Max(r, Math.Max(g, b)), Math.Min(r, Math.Min(g, b)));
            if (most - least < 40)
                return most < 170 ? "grey" : "ink";
            var hue = (most == r ? (double)(g - b) / (most - least) + 6 : most == g ? (double)(b - r) / (most - least) + 2 : (double)(r - g) / (most - least) + 4) * 60 % 360;
            return hue switch { < 25 or >= 335 => "red", < 75 => "yellow", < 160 => "green", < 200 => "cyan", < 260 => "blue", _ => "magenta" };
        }
    }
}
