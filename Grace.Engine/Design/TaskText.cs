using System.Globalization;
using System.Text;

namespace Grace.Engine.Design;

/// <summary>A task as its writer sees it: without signs that nobody sees, and with look-alikes of punctuation as what they stand for.</summary>
internal static class TaskText
{
    // Letters, by their category, that show nothing: fillers of Hangul, and vowels that Khmer only thinks.
    private static readonly HashSet<int> Blank = [0x115F, 0x1160, 0x3164, 0xFFA0, 0x17B4, 0x17B5, 0x034F];

    private static readonly (string Signs, char Plain)[] LookAlikes =
    [
        ("\u2236\uA789\u02D0\u0589\u05C3\uFE13", ':'), ("\u201A\u060C\u3001\u2E41\uFE10\uFE11", ','), ("\u061B\u204F\uFE14", ';'),
        ("\u3010\u3014\u3016\u2768\u276A\u2E28", '('), ("\u3011\u3015\u3017\u2769\u276B\u2E29", ')'), ("\u2774", '{'), ("\u2775", '}'), ("\u2772\u27E6", '['), ("\u2773\u27E7", ']'),
        ("\u201C\u201D\u201E\u201F\u00AB\u00BB\u300C\u300D\u300E\u300F", '"'), ("\u2018\u2019\u201B\u00B4", '\''),
    ];

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Small = ",,. ;:?!-(){}()#&*+-<>= \\$%@";
    private static readonly string[] Joined = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];

    private static readonly Dictionary<char, char> Plain = LookAlikes.SelectMany(l => l.Signs.Select(sign => (sign, l.Plain))).ToDictionary(p => p.sign, p => p.Plain);

    /// <summary>Blanks in a row become one, and with a line end among them a line end.</summary>
    public static string Of(string task)
    {
        var seen = new StringBuilder(task.Length);
        foreach (var rune in task.EnumerateRunes())
        {
            if (!IsSeen(rune)) continue;
            if (!Rune.IsWhiteSpace(rune))
                seen.Append(Letter(rune));
            else if (seen.Length == 0 || !char.IsWhiteSpace(seen[^1]))
                seen.Append(IsLineEnd(rune) ? '\n' : ' ');
            else if (IsLineEnd(rune))
                seen[^1] = '\n';
        }
        return seen.ToString();
    }

    /// <summary>Full-width, small, bold and joined forms as the plain letters that they are.</summary>
    private static string Letter(Rune rune) => rune.Value switch
    {
        >= 0xFF01 and <= 0xFF5E => ((char)(rune.Value - 0xFEE0)).ToString(),
        >= 0xFE50 and <= 0xFE6B => Small[rune.Value - 0xFE50].ToString(),
        >= 0xFB00 and <= 0xFB06 => Joined[rune.Value - 0xFB00],
        >= 0x1D400 and <= 0x1D6A3 => Alphabet[(rune.Value - 0x1D400) % Alphabet.Length].ToString(),
        >= 0x1D7CE and <= 0x1D7FF => ((char)('0' + ((rune.Value - 0x1D7CE) % 10))).ToString(),
        _ when rune.IsBmp && Plain.TryGetValue((char)rune.Value, out var plain) => plain.ToString(),
        _ => rune.ToString(),
    };

    private static bool IsLineEnd(Rune rune) => rune.Value is '\n' or '\r' or 0x85 or 0x2028 or 0x2029;

    /// <summary>The first sign that is not of the plain alphabet, for a message: it may look as if it were.</summary>
    public static string? Foreign(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (!rune.IsAscii) return $"'{rune}' (U+{rune.Value:X4}) is not of the letters a to z";
        return null;
    }

    private static bool IsSeen(Rune rune) => !Blank.Contains(rune.Value) && Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate => false,
        UnicodeCategory.Control => rune.Value is '\t' or '\n' or '\r' or 0x85,
        // Variation selectors choose between two looks of the sign before.
        UnicodeCategory.NonSpacingMark => rune.Value is not (>= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF or >= 0x180B and <= 0x180F),
        _ => true,
    };
}
