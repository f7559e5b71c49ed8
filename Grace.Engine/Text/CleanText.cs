using System.Text;

namespace Grace.Engine.Text;

/// <summary>Text from anywhere made fit for PostgreSQL and for a terminal.</summary>
internal static class CleanText
{
    /// <summary>
    /// At most <paramref name="limit"/> characters, line ends as \n, without control characters (PostgreSQL refuses NUL,
    /// terminals obey the others) and with halves of surrogate pairs replaced (they have no UTF-8).
    /// </summary>
    public static string Of(string text, int limit = int.MaxValue)
    {
        var clean = new StringBuilder(Math.Min(text.Length, limit));
        for (var i = 0; i < text.Length && clean.Length < limit; i++)
        {
            var c = text[i];
            if (c == '\r')
            {
                if (i + 1 >= text.Length || text[i + 1] != '\n') clean.Append('\n');
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                if (clean.Length + 2 > limit) break;
                clean.Append(c).Append(text[++i]);
            }
            else if (char.IsSurrogate(c)) clean.Append('\uFFFD');
            else if (c is '\n' or '\t' || !char.IsControl(c)) clean.Append(c);
        }
        return clean.ToString();
    }

    /// <summary>The same on one line, white space run together.</summary>
    public static string Line(string text, int limit) =>
        string.Join(' ', Of(text, limit).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
