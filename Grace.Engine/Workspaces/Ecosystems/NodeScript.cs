using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>One program that a package's script calls in the end.</summary>
/// <param name="Text">As a shell reads it.</param>
/// <param name="Runner">The test runner that it is; null: something else.</param>
/// <param name="Style">Whether it looks at style, dependencies or sizes, and proves nothing about what the code does.</param>
internal sealed record NodeCall(string Text, string? Runner, bool Style);

/// <summary>
/// What a script comes to: <c>npm run lint &amp;&amp; ava</c> is the lint script's programs and then ava. Needed where the whole fails before
/// or after its tests, and where a runner is to be asked for its report.
/// </summary>
internal static partial class NodeScript
{
    private const int Deepest = 6;

    private static readonly string[] Runners =
        ["mocha", "jest", "vitest", "ava", "tape", "tap", "uvu", "jasmine", "karma", "playwright", "cypress", "qunit", "lab", "nightwatch", "wtr", "testem", "zora", "borp", "japa", "brittle", "test-runner", "tst", "react-scripts", "mochapack", "faucet", "tap-spec"];

    private static readonly string[] Styles =
    [
        "eslint", "xo", "standard", "prettier", "biome", "oxlint", "oxfmt", "dprint", "stylelint", "jshint", "tslint", "commitlint", "markdownlint", "cspell", "size-limit", "bundlesize", "publint", "attw", "knip",
        "depcheck", "npm audit", "audit", "npmignore", "evalmd", "alex", "remark", "ls-lint", "lockfile-lint", "editorconfig", "eclint", "aud", "license", "codecov", "coveralls",
    ];

    public static IReadOnlyList<NodeCall> Calls(string script, IReadOnlyDictionary<string, string> scripts) => [.. Named(script, scripts, 0).DistinctBy(call => call.Text)];

    /// <summary>Whether the test scripts of a manifest call a program.</summary>
    public static bool Mentions(string manifest, string program) =>
        Script().Matches(manifest).Any(match => Regex.IsMatch(match.Groups[1].Value, $@"(?<![\w-]){Regex.Escape(program)}(?![\w-])"));

    private static IEnumerable<NodeCall> Named(string script, IReadOnlyDictionary<string, string> scripts, int depth) =>
        depth > Deepest ? [] : new[] { "pre" + script, script, "post" + script }.Where(scripts.ContainsKey).SelectMany(name => Of(scripts[name], scripts, depth + 1));

    private static IEnumerable<NodeCall> Of(string text, IReadOnlyDictionary<string, string> scripts, int depth)
    {
        foreach (var part in Parts(text))
        {
            var bare = Before().Replace(part, "");
            // A script that is called with a time zone or a mode is another run than without.
            var with = part[..(part.Length - bare.Length)];
            if (RunScript().Match(bare) is { Success: true } run && scripts.ContainsKey(run.Groups["script"].Value) && !(run.Groups["short"].Success && Runners.Contains(run.Groups["script"].Value) && depth > 1 && scripts[run.Groups["script"].Value] == text))
            {
                foreach (var call in Named(run.Groups["script"].Value, scripts, depth))
                {
                    yield return call with { Text = with + call.Text };
                }
            }
            else if (Several().Match(bare) is { Success: true } several)
            {
                foreach (var call in several.Groups["names"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('"', '\''))
                    .Where(word => !word.StartsWith('-')).SelectMany(word => Matching(word.StartsWith("npm:", StringComparison.Ordinal) ? word[4..] : word, scripts)).SelectMany(name => Named(name, scripts, depth)))
                {
                    yield return call;
                }
            }
            else
            {
                yield return new NodeCall(part, RunnerOf(bare), Styles.Any(style => Regex.IsMatch(bare, $@"(?<![\w./-]){Regex.Escape(style)}(?![\w.]|-\w)")));
            }
        }
    }

    private static IEnumerable<string> Matching(string pattern, IReadOnlyDictionary<string, string> scripts) =>
        scripts.ContainsKey(pattern) ? [pattern] : !pattern.Contains('*', StringComparison.Ordinal) ? []
            : scripts.Keys.Where(name => Regex.IsMatch(name, "^" + Regex.Escape(pattern).Replace(@"\*\*", ".*").Replace(@"\*", "[^:]*") + "$"));

    /// <summary>The runner that a call starts, behind whatever measures its coverage or sets its environment.</summary>
    private static string? RunnerOf(string bare)
    {
        var words = bare.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i].Trim('"', '\'').Split('/')[^1].Split('@')[0];
            word = word.EndsWith(".js", StringComparison.Ordinal) || word.EndsWith(".mjs", StringComparison.Ordinal) || word.EndsWith(".cjs", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(word) : word;
            if (Runners.Contains(word.TrimStart('_')))
            {
                return word.TrimStart('_');
            }

            if ((word is "node" or "tsx") && words[i..].FirstOrDefault(one => one is "--test" || (!one.StartsWith('-') && one != words[i])) is { } first)
            {
                return first == "--test" || words.Contains("--test") ? "node --test" : TestFile().IsMatch(first) ? "node" : Runners.FirstOrDefault(one => first.Contains($"/{one}", StringComparison.Ordinal));
            }

            if (word is "bun" or "deno" && words.ElementAtOrDefault(i + 1) == "test")
            {
                return $"{word} test";
            }

            // Past what only goes before: npx c8 --all mocha.
            if (i > 6)
            {
                break;
            }
        }

        return null;
    }

    /// <summary>At the shell's own separators, and not in what is quoted.</summary>
    private static IEnumerable<string> Parts(string text)
    {
        var (start, quote) = (0, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            quote = quote == '\0' ? text[i] is '"' or '\'' ? text[i] : '\0' : text[i] == quote ? '\0' : quote;
            if (quote == '\0' && (text[i] == ';' || (text[i] == '&' && i + 1 < text.Length && text[i + 1] == '&')))
            {
                yield return text[start..i].Trim();
                start = i += text[i] == '&' ? 1 : 0;
                start++;
            }
        }

        if (start < text.Length && text[start..].Trim() is { Length: > 0 } last)
        {
            yield return last;
        }
    }

    [GeneratedRegex(@"""test(?::[\w-]+)?""\s*:\s*""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Script();

    [GeneratedRegex(@"^(?:(?:npx )?cross-env(?:-shell)? |(?:npx )?(?:dotenv|env-cmd)(?: -\S+)* (?:-- )?|[A-Z_][A-Z0-9_]*=\S* )+")]
    private static partial Regex Before();

    [GeneratedRegex(@"^(?:(?:npm|pnpm|bun|yarn)(?: (?:-s|--silent|-r))*(?: run| run-script)(?: (?:-s|--silent|--if-present))* (?<script>[\w:.-]+)|(?:npm|pnpm|yarn)(?: (?:-s|--silent))* (?<short>(?<script>t|test|tst|[\w:.-]+)))(?: (?:-s|--silent|--if-present))*(?: --.*)?$")]
    private static partial Regex RunScript();

    [GeneratedRegex(@"^(?:npx )?(?:npm-run-all2?|run-s|run-p|concurrently|wireit)\b(?<names>.*)$")]
    private static partial Regex Several();

    [GeneratedRegex(@"(?:^|/)(?:tests?|specs?|__tests__|run-?tests?)(?:$|/|\.\w+$)|[._-]?tests?(?:\.[cm]?[jt]s)?$|[.-]spec\.[cm]?[jt]s$", RegexOptions.IgnoreCase)]
    private static partial Regex TestFile();
}
