using System.Text.RegularExpressions;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>Tells a license by its text: as what it is, with what somebody added to it, or not at all; never as another.</summary>
internal static partial class LicenseText
{
    /// <summary>Added words that are no more than a title, an address or a translation of the name.</summary>
    private const int Slack = 14;

    /// <summary>Beyond that it is a collection of texts that holds the words of both.</summary>
    private const int MostOfNcsa = 270;

    /// <summary>Those that are told by their title; what their text says of others stands further down.</summary>
    private static readonly (string Spdx, string Title)[] Titled =
    [
        ("AGPL-3.0", "gnu affero general public license version 3"), ("LGPL-3.0", "gnu lesser general public license version 3"), ("LGPL-2.1", "gnu lesser general public license version 2 1"),
        ("LGPL-2.0", "gnu library general public license version 2"), ("GPL-3.0", "gnu general public license version 3"), ("GPL-2.0", "gnu general public license version 2"),
        ("Apache-2.0", "apache license version 2 0"), ("MPL-2.0", "mozilla public license version 2 0"), ("MPL-2.0", "mozilla public license v 2 0"), ("MPL-1.1", "mozilla public license version 1 1"),
        ("CC0-1.0", "cc0 1 0 universal"), ("EPL-2.0", "eclipse public license v 2 0"), ("EUPL-1.2", "european union public licence v 1 2"), ("BSL-1.0", "boost software license version 1 0"),
        ("BlueOak-1.0.0", "blue oak model license version 1 0 0"), ("Python-2.0", "python software foundation license version 2"), ("Artistic-2.0", "artistic license 2 0"), ("OFL-1.1", "sil open font license version 1 1"), ("MS-PL", "microsoft public license"), ("CC-BY-4.0", "creative commons attribution 4 0 international"),
        ("CC-BY-SA-4.0", "creative commons attribution sharealike 4 0 international"), ("CC-BY-NC-4.0", "creative commons attribution noncommercial 4 0 international"),
        // Source may be read, and not used as free software may: none of them is what a part of its text resembles.
        ("BUSL-1.1", "business source license 1 1"), ("Elastic-2.0", "elastic license 2 0"), ("SSPL-1.0", "server side public license version 1"), ("PolyForm-Noncommercial-1.0.0", "polyform noncommercial license 1 0 0"),
        ("FSL-1.1", "functional source license version 1 1"), ("Confluent Community License", "confluent community license"), ("Sustainable Use License", "sustainable use license"),
    ];

    /// <summary>Short ones, by the words that only they hold, and how many words each has; the first that holds counts.</summary>
    private static readonly (string Spdx, int Words, string[] Says)[] Short =
    [
        ("JSON", 175, ["permission is hereby granted free of charge", "shall be used for good not evil"]),
        ("NCSA", 210, ["permission is hereby granted free of charge", "redistributions of source code must retain"]),
        ("X11", 195, ["permission is hereby granted free of charge", "the above copyright notice and this permission notice", "except as contained in this notice the name"]),
        ("MIT", 163, ["permission is hereby granted free of charge", "the above copyright notice and this permission notice"]),
        ("MIT-0", 145, ["permission is hereby granted free of charge", "without restriction"]),
        ("ISC", 112, ["permission to use copy modify and or distribute this software for any purpose", "provided that the above copyright notice and this permission notice appear in all copies"]),
        ("ISC", 112, ["permission to use copy modify and distribute this software for any purpose with or without fee", "provided that the above copyright notice and this permission notice appear in all copies"]),
        ("0BSD", 97, ["permission to use copy modify and or distribute this software for any purpose with or without fee is hereby granted"]),
        ("BSD-4-Clause", 245, ["redistribution and use in source and binary forms", "all advertising materials mentioning features"]),
        ("BSD-3-Clause", 217, ["redistribution and use in source and binary forms", "endorse or promote products"]),
        ("BSD-2-Clause", 190, ["redistribution and use in source and binary forms", "redistributions in binary form must reproduce"]),
        ("BSD-2-Clause", 190, ["redistribution and use in source and binary forms with or without modification"]),
        ("Unlicense", 200, ["this is free and unencumbered software released into the public domain"]),
        ("Zlib", 130, ["this software is provided as is without any express or implied warranty", "altered source versions must be plainly marked"]),
    ];

    private static readonly (string Says, string Name)[] Riders =
    [
        ("commons clause", "the Commons Clause"), ("classpath exception", "an exception"), ("llvm exceptions", "an exception"), ("runtime library exception", "an exception"),
        ("as a special exception", "an exception"), ("linking exception", "an exception"), ("shall be used for good not evil", "a rule against evil"), ("hippocratic", "ethical terms"),
    ];

    public static string? Name(string text)
    {
        var words = Words(text);
        var all = string.Join(' ', words);
        var titles = Titled.Where(t => Has(all, t.Title)).Select(t => (t.Spdx, At: all.IndexOf(t.Title, StringComparison.Ordinal))).OrderBy(t => t.At).ToList();
        var brief = Short.FirstOrDefault(s => s.Says.All(part => Has(all, part)) && (s.Spdx != "NCSA" || words.Count < MostOfNcsa));
        if (brief.Spdx is not null)
            return titles.Count > 0 && words.Count > brief.Words + 60
                ? string.Join(" and ", titles.Select(t => t.Spdx).Append(brief.Spdx).Distinct()) + ", by one text"
                : With(brief.Spdx, all, Added(text) - brief.Words > Slack + (brief.Words / 10));
        // A notice names several to choose from; a text speaks of others after its own title.
        var begins = titles.Count > 0 && titles[0].At < 40 && !(words.Count < 60 && Choice().IsMatch(all));
        if (!begins && words.Count < 300 && Mentioned(all) is { Count: > 0 } named)
            return named.Count == 1 ? With(titles.Count == 1 ? titles[0].Spdx : Noticed(named[0], all), all, false) : Choice().IsMatch(all) ? string.Join(" OR ", named) : string.Join(" and ", named);
        return titles.Count > 0 && titles[0].At < 4000 ? With(titles[0].Spdx, all, false) : null;
    }

    /// <summary>An SPDX-License-Identifier line, as it stands.</summary>
    public static string? Identifier(string text) => Header().Match(text) is { Success: true } found ? found.Groups["id"].Value.Trim() : null;

    private static string With(string spdx, string all, bool added)
    {
        string[] riders = [.. Riders.Where(r => Has(all, r.Says) && !(spdx == "JSON" && r.Name.EndsWith("evil", StringComparison.Ordinal)) && !IsOwn(spdx, r.Says)).Select(r => r.Name).Distinct()];
        return riders.Length > 0 ? $"{spdx} with {string.Join(" and ", riders)}" : added || NotCommercial(spdx, all) ? $"{spdx} with other terms" : spdx;
    }

    /// <summary>The GPL's own text tells how to write an exception.</summary>
    private static bool IsOwn(string spdx, string rider) => rider is "as a special exception" && spdx.Contains("GPL", StringComparison.Ordinal);

    /// <summary>What none of these would say itself.</summary>
    private static bool NotCommercial(string spdx, string all) => spdx is "MIT" or "ISC" or "BSD-2-Clause" or "BSD-3-Clause" or "Apache-2.0" && Noncommercial().IsMatch(all);

    /// <summary>"…either version 3 of the License, or (at your option) any later version."</summary>
    private static string Noticed(string family, string all) =>
        family.EndsWith("GPL", StringComparison.Ordinal) && OfLicense().Match(all) is { Success: true } version
            ? $"{family}-{version.Groups[1].Value}.{(version.Groups[2].Success ? version.Groups[2].Value : "0")}{(Has(all, "any later version") ? "-or-later" : "")}" : family;

    private static List<string> Mentioned(string all) => [.. Mentions.Where(m => m.Pattern.IsMatch(all)).Select(m => m.Spdx)];

    private static readonly (string Spdx, Regex Pattern)[] Mentions =
    [
        ("MIT", Word(@"mit licen[cs]e|licen[cs]e mit|mit or apache|or mit")), ("Apache-2.0", Word(@"apache(?: software)? licen[cs]e,? (?:version )?2|apache 2(?: 0)?")), ("BSD-3-Clause", Word(@"bsd 3 clause|3 clause bsd")),
        ("BSD-2-Clause", Word(@"bsd 2 clause|2 clause bsd")), ("MPL-2.0", Word(@"mozilla public licen[cs]e (?:version |v )?2|mpl 2")), ("AGPL-3.0", Word("gnu affero general public licen[cs]e|agpl")),
        ("LGPL", Word("gnu lesser general public licen[cs]e|lgpl")), ("GPL", Word("gnu general public licen[cs]e|(?<!l)(?<!a)gpl")), ("Unlicense", Word("the unlicense")), ("CC0-1.0", Word("cc0")),
        ("Zlib", Word("zlib licen[cs]e")), ("ISC", Word("isc licen[cs]e")), ("BUSL-1.1", Word("business source licen[cs]e")), ("Elastic-2.0", Word("elastic licen[cs]e")), ("SSPL-1.0", Word("server side public licen[cs]e")),
    ];

    private static Regex Word(string pattern) => new($@"\b(?:{pattern})\b", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2));

    /// <summary>How many words there are beside titles and lines that say whose it is.</summary>
    private static int Added(string text) => Words(string.Join('\n', text.Split('\n').Where(line => !Whose().IsMatch(line)))).Count;

    private static List<string> Words(string text) => [.. Token().Matches(text.Length > 100_000 ? text[..100_000] : text).Select(m => m.Value.ToLowerInvariant())];

    private static bool Has(string all, string phrase) => $" {all} ".Contains($" {phrase} ", StringComparison.Ordinal);

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Token();

    [GeneratedRegex(@"^\W*(?:portions?\s+)?(?:copyright|\(c\)|©|all rights reserved|the\s|)\s*(?:copyright|\(c\)|©|all rights reserved|(?:the )?[\w.+ -]{0,30}licen[cs]e\b\W*(?:\([\w .-]{1,30}\))?\W*$|https?://\S+\W*$)", RegexOptions.IgnoreCase)]
    private static partial Regex Whose();

    [GeneratedRegex(@"SPDX-License-Identifier:[ \t]*(?<id>[A-Za-z0-9][A-Za-z0-9.+() -]{0,100}?)[ \t]*(?:\*/|-->|#|$)", RegexOptions.Multiline)]
    private static partial Regex Header();

    [GeneratedRegex(@"\bversion (\d)(?: (\d))? (?:of the|or)\b")]
    private static partial Regex OfLicense();

    [GeneratedRegex(@"\b(?:either|dual|at your option|or|choose|choice)\b")]
    private static partial Regex Choice();

    [GeneratedRegex(@"\bnon ?commercial (?:use|purpose)|\bnot (?:be used|for) (?:for )?commercial|\bcommercial use (?:is|requires|needs|of)")]
    private static partial Regex Noncommercial();
}
