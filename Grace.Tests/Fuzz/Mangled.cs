using System.Globalization;
using System.Text;

namespace Grace.Tests.Fuzz;

/// <summary>Texts cut, spliced, repeated and sprinkled with what readers stumble over; the same for the same seed.</summary>
static class Mangled
{
    /// <summary>Of each reader; GRACE_FUZZ in the environment has them read for longer.</summary>
    public static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("GRACE_FUZZ"), CultureInfo.InvariantCulture, out var rounds) ? rounds : 400;

    const int Longest = 200_000;

    static readonly string[] Odd =
    [
        "\0", "\ud83d", "\ufeff", "\u2028", "\r", "\t", "\\", "\\u0000", "\\ud83d", "\"", "'", "{", "}", "[", "]", "{{", "}}", "<", ">", "</", "<!DOCTYPE x [<!ENTITY a \"b\">]>", "&a;", "]]>", "&a ", "*a", "<<: ", "? ", "---\n", "!!binary ",
        ": ", "- ", "|\n", "#", "1e200000", "-0", "99999999999999999999", "NaN", "true", "null", "= ", "==", ",", ";", "%", "${", "\n\n\n", "ok 1", "1..9999999999", "Ran 99999999999 tests in 0s", "--- PASS: T (0.00s)", "```", "http://127.0.0.1:1/",
    ];

    public static IEnumerable<string> Of(int seed, params string[] seeds)
    {
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var text = new StringBuilder(seeds[random.Next(seeds.Length)]);
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                var at = random.Next(text.Length + 1);
                switch (random.Next(6))
                {
                    case 0: text.Insert(at, Odd[random.Next(Odd.Length)]); break;
                    case 1: text.Remove(at, random.Next(Math.Min(60, text.Length - at) + 1)); break;
                    case 2: text.Insert(at, seeds[random.Next(seeds.Length)] is var other ? other[random.Next(other.Length + 1)..] : ""); break;
                    case 3: text.Insert(at, new StringBuilder().Insert(0, Odd[random.Next(Odd.Length)], random.Next(1, 3000))); break;
                    case 4: text.Length = at; break;
                    default: text.Insert(at, (char)random.Next(0x10000)); break;
                }
            }
            yield return text.Length <= Longest ? text.ToString() : text.ToString(0, Longest);
        }
    }
}
