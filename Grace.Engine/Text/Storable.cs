using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Grace.Engine.Text;

/// <summary>
/// What PostgreSQL can keep as text and as JSON: no NUL, no half of a surrogate pair, no number beyond a double. What people
/// and programs send is refused for it, by field; what tools and repositories produce is made storable, and shows the sign.
/// </summary>
public static partial class Storable
{
    /// <summary>Stands for a NUL: the sign that Unicode has for showing it.</summary>
    const char ShownNul = '\u2400';
    const char Replacement = '\uFFFD';
    const int LongestNumber = 1000;

    /// <summary>Why a text cannot be kept, to follow its name; null when it can.</summary>
    public static string? Objection(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            return "holds a character that is none (NUL)";
        for (var i = 0; i < text.Length; i++)
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return "holds half of a surrogate pair, which is no character";
        return null;
    }

    /// <summary>What of a JSON value cannot be kept, each with the place where it stands, such as <c>context.notes[2]</c>.</summary>
    public static IEnumerable<(string Place, string Why)> Objections(JsonNode? node, string place) => node switch
    {
        JsonObject map => map.SelectMany(p => (Objection(p.Key) is { } why ? [(place, $"has a key that {why}")] : Enumerable.Empty<(string, string)>())
            .Concat(Objections(p.Value, place.Length == 0 ? p.Key : $"{place}.{p.Key}"))),
        JsonArray list => list.SelectMany((item, i) => Objections(item, $"{place}[{i}]")),
        JsonValue value when ObjectionOf(value) is { } why => [(place, why)],
        _ => [],
    };

    static string? ObjectionOf(JsonValue value)
    {
        try
        {
            return value.GetValueKind() switch
            {
                JsonValueKind.String => Objection(value.GetValue<string>()),
                JsonValueKind.Number when !IsNumber(value.ToJsonString()) => "is a number that is too large, too small or too long to be kept",
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // The reader refuses an escape that is half of a pair.
            return "holds half of a surrogate pair, which is no character";
        }
    }

    /// <summary>The text with a visible sign for each character that cannot be kept.</summary>
    public static string Text(string text)
    {
        if (Objection(text) is null)
            return text;
        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                kept.Append(text[i]).Append(text[++i]);
            else
                kept.Append(text[i] == '\0' ? ShownNul : char.IsSurrogate(text[i]) ? Replacement : text[i]);
        return kept.ToString();
    }

    /// <summary>The same value, its texts made storable; of a number that cannot be kept, its digits as a text.</summary>
    public static T Of<T>(T value, JsonSerializerOptions options)
    {
        var written = JsonSerializer.Serialize(value, options);
        return Suspicious().IsMatch(written) ? JsonSerializer.Deserialize<T>(Json(written), options)! : value;
    }

    /// <summary>JSON, as text, that says the same and can be kept. Backslashes stand only in texts and keys, so that one pass sees all.</summary>
    public static string Json(string json)
    {
        var kept = new StringBuilder(json.Length);
        var inText = false;
        for (var i = 0; i < json.Length;)
        {
            var length = 1;
            if (json[i] == '"')
                inText = !inText;
            else if (inText && json[i] == '\\')
            {
                length = json[i + 1] == 'u' ? 6 : 2;
                var code = length == 6 ? Code(json, i) : 'x';
                if (char.IsHighSurrogate(code) && i + 11 < json.Length && json[i + 6] == '\\' && json[i + 7] == 'u' && char.IsLowSurrogate(Code(json, i + 6)))
                    length = 12;
                else if (code == 0 || char.IsSurrogate(code))
                {
                    kept.Append(code == 0 ? ShownNul : Replacement);
                    i += length;
                    continue;
                }
            }
            else if (!inText && (json[i] == '-' || char.IsAsciiDigit(json[i])))
            {
                length = json.AsSpan(i).IndexOfAnyExcept("+-.0123456789eE") is var end and > 0 ? end : json.Length - i;
                if (!IsNumber(json.AsSpan(i, length)))
                {
                    kept.Append('"').Append(json, i, Math.Min(length, LongestNumber)).Append('"');
                    i += length;
                    continue;
                }
            }
            kept.Append(json, i, length);
            i += length;
        }
        return kept.ToString();
    }

    static char Code(string json, int at) => (char)int.Parse(json.AsSpan(at + 2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    static bool IsNumber(ReadOnlySpan<char> digits) =>
        digits.Length <= LongestNumber && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
        && (number != 0 || digits.IndexOfAnyInRange('1', '9') is var first && (first < 0 || digits.IndexOfAny('e', 'E') is >= 0 and var e && e < first));

    /// <summary>Finds what may have to be looked at closely, and now and then more: the writer has put the replacement in place of half a pair itself.</summary>
    [GeneratedRegex("""\\u0000|\\u[dD][89a-fA-F]|[0-9][eE][+-]?[0-9]{3}|[0-9]{300}|\uFFFD|\\u[fF]{3}[dD]""")]
    private static partial Regex Suspicious();
}
