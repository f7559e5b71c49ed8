using System.Buffers;
using Grace.Engine.Hosting;

namespace Grace.Engine.Failures;

/// <summary>
/// What tools say in other languages, in the English that everything else here reads: a failure is the same whatever language a
/// machine is set to. What no catalogue translates stays as it is, and its words tell.
/// </summary>
internal static class FailureDialects
{
    /// <summary>By translation; of several for one phrase each stands alone.</summary>
    static readonly Dictionary<string, string> English = Read();

    static readonly SearchValues<string> Phrases = SearchValues.Create([.. English.Keys], StringComparison.Ordinal);

    static readonly Dictionary<char, string[]> ByFirst = English.Keys.GroupBy(p => p[0]).ToDictionary(g => g.Key, g => g.OrderByDescending(p => p.Length).ToArray());

    public static string ToEnglish(string line)
    {
        line = line.Replace('„', '"').Replace('”', '"').Replace('“', '"').Replace('»', '"').Replace('«', '"').Replace('「', '"').Replace('」', '"');
        if (line.AsSpan().IndexOfAny(Phrases) < 0)
            return line;
        var text = new System.Text.StringBuilder(line.Length);
        for (var i = 0; i < line.Length;)
            if (ByFirst.TryGetValue(line[i], out var phrases) && phrases.FirstOrDefault(p => IsAt(line, i, p)) is { } phrase)
            {
                text.Append(text.Length > 0 && char.IsLetterOrDigit(text[^1]) ? " " : "").Append(English[phrase]);
                i += phrase.Length;
                text.Append(i < line.Length && char.IsLetterOrDigit(line[i]) ? " " : "");
            }
            else
                text.Append(Narrow(line[i++]));
        return text.ToString();
    }

    /// <summary>Signs of full width end and part a line as the narrow ones do.</summary>
    static string Narrow(char sign) => sign switch { '：' => ": ", '，' => ", ", '。' => ".", '（' => " (", '）' => ")", _ => sign.ToString() };

    /// <summary>Whole words only, where the script parts words.</summary>
    static bool IsAt(string line, int at, string phrase) => string.CompareOrdinal(line, at, phrase, 0, phrase.Length) == 0
        && (phrase[0] > '\u2e80' || ((at == 0 || !char.IsLetter(line[at - 1])) && (at + phrase.Length == line.Length || !char.IsLetter(line[at + phrase.Length]))));

    static Dictionary<string, string> Read()
    {
        Dictionary<string, string> read = new(StringComparer.Ordinal);
        foreach (var line in Resources.Read("Failures/translations.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (line.Split(" = ", 2) is [var english, var translations])
                foreach (var translation in translations.Split(" | "))
                    read.TryAdd(translation, english);
        return read;
    }
}
