using System.Text.RegularExpressions;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>What the files at the top say: readme, license, continuous integration.</summary>
internal static partial class TopFiles
{
    private const int ReadmeLimit = 4000;

    /// <summary>What sets ISC apart from 0BSD.</summary>
    private const string Notice = "provided that the above copyright notice and this permission notice appear in all copies";

    /// <summary>Takes away what the license before it allows, so that its name alone would be untrue.</summary>
    private const string Clause = "Commons Clause";

    private static readonly (string Spdx, string[] Says)[] Known =
    [
        ("AGPL-3.0", ["GNU AFFERO GENERAL PUBLIC LICENSE", "Version 3"]),
        ("LGPL-3.0", ["GNU LESSER GENERAL PUBLIC LICENSE", "Version 3"]),
        ("LGPL-2.1", ["GNU LESSER GENERAL PUBLIC LICENSE", "Version 2.1"]),
        ("GPL-3.0", ["GNU GENERAL PUBLIC LICENSE", "Version 3"]),
        ("GPL-2.0", ["GNU GENERAL PUBLIC LICENSE", "Version 2"]),
        ("Apache-2.0", ["Apache License", "Version 2.0"]),
        ("MPL-2.0", ["Mozilla Public License", "2.0"]),
        ("MIT", ["Permission is hereby granted, free of charge", "The above copyright notice and this permission notice"]),
        ("MIT-0", ["Permission is hereby granted, free of charge", "without restriction"]),
        ("ISC", ["Permission to use, copy, modify, and/or distribute this software for any purpose", Notice]),
        ("ISC", ["Permission to use, copy, modify, and distribute this software for any purpose", Notice]),
        ("0BSD", ["Permission to use, copy, modify, and/or distribute this software for any purpose"]),
        ("BSD-3-Clause", ["Redistribution and use in source and binary forms", "endorse or promote products"]),
        ("BSD-2-Clause", ["Redistribution and use in source and binary forms"]),
        ("Unlicense", ["This is free and unencumbered software released into the public domain"]),
    ];

    public static Excerpt? Readme(SourceTree tree)
    {
        var file = tree.Files.Where(f => f.Depth == 0 && f.Name.StartsWith("readme", StringComparison.OrdinalIgnoreCase))
            .OrderBy(f => f.Name.EndsWith(".md", StringComparison.OrdinalIgnoreCase) ? 0 : 1).ThenBy(f => f.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        if (file is null || tree.Text(file) is not { } text) return null;
        if (text.Length <= ReadmeLimit) return new Excerpt(file.Path, text.TrimEnd(), true, KnowledgeHash.Of(text));
        var end = text.LastIndexOf("\n\n", ReadmeLimit, StringComparison.Ordinal);
        return new Excerpt(file.Path, CleanText.Of(text[..(end > ReadmeLimit / 2 ? end : ReadmeLimit)]).TrimEnd(), false, KnowledgeHash.Of(text));
    }

    /// <summary>Several when the project may be used under several.</summary>
    public static IReadOnlyList<LicenseFound> Licenses(SourceTree tree) =>
        [.. tree.Files.Where(file => file.Depth == 0 && LicenseName().IsMatch(file.Name)).Take(5).Select(file =>
        {
            // The name of a license may be broken over lines, and its text mentions others further down.
            var text = CleanText.Line(tree.Text(file) ?? "", 8000);
            var known = Known.FirstOrDefault(license => license.Says.All(part => text.Contains(part, StringComparison.OrdinalIgnoreCase)));
            return new LicenseFound(file.Path, known.Spdx is { } spdx && text.Contains(Clause, StringComparison.OrdinalIgnoreCase) ? $"{spdx} with the {Clause}" : known.Spdx);
        })];

    public static IReadOnlyList<string> Pipelines(SourceTree tree) =>
        [.. tree.Files.Select(file => file.Path).Where(path => Pipeline().IsMatch(path)).Take(30)];

    [GeneratedRegex(@"^(licen[cs]e|copying|unlicense)([.-].*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex LicenseName();

    [GeneratedRegex(@"^(\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.?azure-pipelines\.ya?ml|Jenkinsfile|\.circleci/config\.yml|\.travis\.yml|\.?appveyor\.yml|bitbucket-pipelines\.yml|\.drone\.yml|\.woodpecker(\.yml|/[^/]+\.ya?ml)|\.ci/[^/]+|\.buildkite/[^/]+\.ya?ml|\.teamcity/.+|\.cirrus\.yml)$")]
    private static partial Regex Pipeline();
}
