using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>The line of a tool's output that says what failed.</summary>
/// <param name="Text">As printed, without colours and prefixes; what belongs to it from the lines after it is joined on.</param>
/// <param name="Anchor">What tells the failure apart before any word does: a cause, a failed test, a code, a type of exception; null when nothing does.</param>
/// <param name="Voice">Who says it; null when nothing tells.</param>
public sealed record TellingLine(string Text, string? Anchor, string? Voice = null);

/// <summary>Finds it: the first of the most telling lines, never progress, warnings, stack frames or totals.</summary>
internal static partial class TellingLines
{
    const int MostRead = 400_000;
    const int MostLines = 600;
    const int LongestLine = 1000;
    const int MostJoined = 1;
    const int MostFields = 30;

    public static TellingLine Of(string message) => Of(message, []);

    /// <param name="tests">The failed tests, where a runner's report names them; else they are read off the message.</param>
    public static TellingLine Of(string message, IReadOnlyList<string> tests)
    {
        var printed = Bounded(message);
        var lines = printed.Select(Unframed).Where(line => line.Length > 0).ToList();
        if (OfTests(FailedTests.Of(printed), tests, lines) is { } failed)
            return failed;
        if (lines.Count == 0)
            return new("", null);
        if (lines.TrueForAll(Noise.IsWrapper) && (lines.Exists(Noise.IsScript) ? "silent script" : lines.Exists(Noise.IsGoal) ? "silent goal" : null) is { } silent)
            return new(lines.Find(Noise.IsGoal) ?? lines[^1], silent);
        if (lines.Exists(l => Hunk().IsMatch(l)) && !lines.Exists(l => Weigh(l) > Weight.Words && !Noise.Is(l)))
            return new("output differs from what is expected", null);
        var thrown = Thrown.In(lines);
        var best = Best(lines, thrown);
        var body = FailureShapes.Of(lines[best]) is null ? Body().Match(lines[best]) : Match.Empty;
        var text = body.Success ? body.Groups["said"].Value : Quoted().Replace(Join(lines, best), "$1$2");
        var voice = FailureVoice.Of(text, lines);
        var anchor = Anchor(text, lines, voice, best, thrown?.Line == best ? thrown.Type : null);
        return new(text, anchor, anchor is null && (body.Success || Own().IsMatch(text)) ? "app" : voice);
    }

    /// <summary>A failed test is the cause, unless what it says is one that any test there would have met.</summary>
    static TellingLine? OfTests(IReadOnlyList<FailedTest> read, IReadOnlyList<string> reported, List<string> lines)
    {
        if (read.Count == 0 && reported.Count == 0)
            return null;
        // A report names its tests, and what they said stands below it without them.
        var said = read.Count > 0 ? "" : lines.Count == 0 ? "" : lines[Best(lines, null)];
        if (read.Select(f => f.Said).Append(said).FirstOrDefault(line => IsSurrounding(line, lines)) is { } outside)
            return new(outside, Anchor(outside, lines, null, lines.Count, null));
        var failures = reported.Count == 0 ? read : [.. reported.Select(id => read.FirstOrDefault(f => f.Id.EndsWith(id, StringComparison.Ordinal) || id.EndsWith(f.Id, StringComparison.Ordinal)) ?? new(FailedTests.Plain(id), said))];
        return new($"{failures[0].Id}: {failures[0].Said}", FailedTests.Anchor(failures));
    }

    static bool IsSurrounding(string said, List<string> lines) => Surrounding().IsMatch(said) || FailureCauses.Of(said) is not null
        || (FailureCodes.Exception(said) == "FileNotFoundError" && lines.Exists(l => Starts().IsMatch(l)));

    static int Best(List<string> lines, Thrown? thrown)
    {
        bool IsNoise(string line, int at) => at != thrown?.Line && Noise.Is(line);
        int Weighed(string line, int at) => at == thrown?.Line ? Math.Max(Weight.Named, Weigh(line)) : Weigh(line);
        // Of exceptions that were thrown while others were handled the last is what came out.
        var from = lines.FindLastIndex(l => Chained().IsMatch(l)) + 1;
        var chained = from > 0 ? Heaviest(lines, (line, at) => at < from || IsNoise(line, at) ? 0 : Weighed(line, at)) : null;
        return chained ?? Heaviest(lines, (line, at) => IsNoise(line, at) ? 0 : Weighed(line, at)) ?? Heaviest(lines, (line, at) => Noise.IsWrapper(line) ? 0 : Weighed(line, at)) ?? Plainest(lines);
    }

    /// <summary>Where no line weighs anything: the first that a program heads with its name, else the last, where runtimes put their message.</summary>
    static int Plainest(List<string> lines)
    {
        var spoken = lines.FindIndex(l => !Noise.Is(l) && Spoken().IsMatch(l));
        var last = lines.FindLastIndex(l => !Noise.Is(l)) is >= 0 and var plain ? plain : lines.FindLastIndex(l => !Noise.IsWrapper(l));
        return spoken >= 0 ? spoken : last >= 0 ? last : Heaviest(lines, (line, _) => Weigh(line)) ?? lines.Count - 1;
    }

    static int? Heaviest(List<string> lines, Func<string, int, int> weigh)
    {
        var (best, weight) = (-1, 0);
        for (var i = 0; i < lines.Count && weight < Weight.Cause; i++)
            if (weigh(lines[i], i) is var found && found > weight)
                (best, weight) = (i, found);
        return best < 0 ? null : best;
    }

    /// <summary>Both ends of what is too long: tools say what failed first at the start, sum up at the end.</summary>
    static List<string> Bounded(string message)
    {
        if (message.Length > MostRead)
            message = $"{message[..(MostRead / 2)]}\n{message[^(MostRead / 2)..]}";
        var all = Alone(FailureMessage.Lines(message).Where(line => line.Length > 0)).Select(FailureDialects.ToEnglish).ToList();
        if (all.Count > MostLines)
            all.RemoveRange(MostLines / 2, all.Count - MostLines);
        return [.. all.Select(line => line.Length <= LongestLine ? line : line[..LongestLine])];
    }

    /// <summary>What stands before every line is a log's name for who printed it, and no part of what it says.</summary>
    static IEnumerable<string> Alone(IEnumerable<string> printed)
    {
        List<string> lines = [.. printed];
        return lines.Count(l => Logged().IsMatch(l)) * 10 > lines.Count * 8 ? FailureMessage.Lines(string.Join('\n', lines.Select(l => Logged().Replace(l, "")))).Where(l => l.Length > 0) : lines;
    }

    static string Unframed(string line) => Frame().Replace(line, "").TrimEnd();

    static class Weight
    {
        public const int Words = 1, Error = 2, Signal = 3, Named = 4, Code = 5, Cause = 6;
    }

    static int Weigh(string line) => line switch
    {
        _ when FailureCauses.Of(line) is not null => Weight.Cause,
        _ when IsCode(FailureShapes.Of(line)) || FailureCodes.Tool(line) is not null => Weight.Code,
        _ when FailureCodes.Exception(line) is not null || SystemErrors.Of(line) is not null || line.StartsWith("panic: ", StringComparison.Ordinal) || line.StartsWith("RuntimeError: ", StringComparison.Ordinal) || line.Contains(" panicked at ", StringComparison.Ordinal) => Weight.Named,
        _ when FailureShapes.SignalOf(line) is not null => Weight.Signal,
        _ when Error().IsMatch(line) => Weight.Error,
        _ when Words().IsMatch(line) => Weight.Words,
        _ => 0,
    };

    /// <summary>A signal ends what already failed as often as it is the failure.</summary>
    static bool IsCode(string? shape) => shape is not null and not "out-of-memory" && shape is not "timeout command" && !shape.StartsWith("signal ", StringComparison.Ordinal);

    /// <param name="at">Where it stands among the lines.</param>
    /// <param name="thrown">The type of the exception that it reports, where the runtime's form says so.</param>
    static string? Anchor(string text, List<string> lines, string? voice, int at, string? thrown)
    {
        if (FailureCauses.Of(text) is { } cause)
            return cause switch
            {
                "connection-refused" => $"refused {RefusedEndpoint.Role(text, lines)}",
                "command-missing" when Makefile().Match(text) is { Success: true } file && lines.Exists(l => l.Contains($"No rule to make target '{file.Groups[1].Value}'", StringComparison.Ordinal)) => "make makefile",
                _ => cause,
            };
        if (Grammar.Coded(text) is { } grammar)
            return grammar;
        if (FailureCodes.Tool(text) is { } code && !FailureCodes.IsVague(code))
            return code;
        if (FailureShapes.Of(text) is { } shape)
            return shape;
        var type = FailureCodes.Exception(text) ?? thrown;
        if (type is null && Grammar.Of(text, lines, at) is { } broken)
            return broken;
        if (type == "FileNotFoundError" && lines.Exists(l => Starts().IsMatch(l)))
            return "command-missing";
        if (type is "SyntaxError" or "TypeError" or "AssertionError" && FailureVoice.IsScript(text, voice))
            type = $"script{type}";
        else if (voice == "ruby" && type is not null)
            type = $"ruby{type}";
        return type is "SyntaxError" or "scriptSyntaxError" ? $"syntax {type}" : type ?? SystemErrors.Of(text);
    }

    /// <summary>Joins what the line only announces: the message of an npm code, of an exception that says nothing yet.</summary>
    static string Join(List<string> lines, int at)
    {
        var text = lines[at].Trim();
        if (text.StartsWith("thread '", StringComparison.Ordinal) && text.Contains(" panicked at ", StringComparison.Ordinal) && at + 1 < lines.Count)
            return $"panic: {lines[at + 1].Trim()}";
        if (!Announces().IsMatch(text))
            return text;
        if (text[^1] is '{' or '[' && lines.Skip(at + 1).Take(MostFields).Select(l => Field().Match(l)).FirstOrDefault(m => m.Success) is { } field)
            return $"{text.TrimEnd('{', '[', ' ', '=', '>')} {field.Groups["said"].Value}";
        var more = lines.Skip(at + 1).Select(l => l.Trim()).Where(l => l.Length > 0 && !Noise.Is(l) && !Detail().IsMatch(l)).Take(MostJoined);
        return string.Join(' ', more.Prepend(text));
    }

    [GeneratedRegex(@"^\s*npm (?:ERR!|error) ?|^E {2,}(?=\S)|^\s*(?:│|┃|\|)\s")]
    private static partial Regex Frame();

    // A unified difference is all that a comparing tool says.
    [GeneratedRegex(@"^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")]
    private static partial Regex Hunk();

    [GeneratedRegex(@"^[A-Za-z][\w.-]*\s+\|(?:\s|$)")]
    private static partial Regex Logged();

    [GeneratedRegex(@"^(?:During handling of the above exception|The above exception was the direct cause)")]
    private static partial Regex Chained();

    // What a test cannot help: a package or a fixture that is not there.
    [GeneratedRegex(@"\bModuleNotFoundError\b|\bNo module named\b|\bImportError\b|[Cc]annot find (?:module|package)\b|^fixture '|ERR_MODULE_NOT_FOUND")]
    private static partial Regex Surrounding();

    // Where Python starts a program: what is not found then is the program.
    [GeneratedRegex(@"\bsubprocess\.py\b|, in (?:_?execv\w*|_?posix_spawn\w*)$")]
    private static partial Regex Starts();

    // What a service answers in JSON.
    [GeneratedRegex("""^\s*[{\[].*"(?:message|detail|title|error|error_description|reason|msg)"\s*:\s*"(?<said>[^"]{3,})|^(?:\w+=\S+ )*(?:msg|message)="(?<said>[^"]{3,})""")]
    private static partial Regex Body();

    // What an application says itself, whatever runs it: the type tells no more than that it was thrown.
    [GeneratedRegex(@"^(?:Uncaught )?(?:System\.|java\.lang\.)?(?:Error|Exception|RuntimeError|RuntimeException): |\((?:RuntimeError|StandardError)\)$|\bUncaught Exception: |^\*\* \(RuntimeError\) |^Exception in thread .* java\.lang\.(?:RuntimeException|Exception): ")]
    private static partial Regex Own();

    // A message that stands in quotes as a whole is no value of another.
    [GeneratedRegex("""^((?:\S*Error|error): |.*#error )"([^"]+)"$""")]
    private static partial Regex Quoted();

    // The same where it is spread over lines.
    [GeneratedRegex("""^\s*"(?:message|msg|detail|error)"\s*:\s*"(?<said>[^"]{3,})""")]
    private static partial Regex Field();

    [GeneratedRegex(@"^[A-Za-z][\w.+-]{1,20}(?:\[\d+\])?: \S")]
    private static partial Regex Spoken();

    [GeneratedRegex(@"^make: (\S+): No such file or directory")]
    private static partial Regex Makefile();

    [GeneratedRegex(@"^code E[A-Z0-9]+$|^[\w.]*(?:Exception|Error)\s*:?$|\S:$|[{\[]$")]
    private static partial Regex Announces();

    [GeneratedRegex(@"^(?:syscall|path|errno|at|code|command|dest|file)\b|^While resolving|^Found:|^node_modules/|^[\d\W]*$", RegexOptions.IgnoreCase)]
    private static partial Regex Detail();

    [GeneratedRegex(@"""?\b(?:error|fatal|panic|failed|failure|oops)\b|\b[Cc]annot\b|! \[|\[(?:emerg|alert|crit|ALERT)\]|^Missing script", RegexOptions.IgnoreCase)]
    private static partial Regex Error();

    [GeneratedRegex(@"\b(?<!-)(?:not|no|(?:doe|did|i|wa|are|ha[sv]|ca|could|would|wo)s?n't|Don't know|wrong|should|cannot|can't|couldn't|could|unable|invalid|missing|denied|refused|rejected|expected|unexpected|unknown|undefined|exceeded|unresolved|conflict|already|timed out|killed|unused|refusing|bad|illegal|unrecognized|unsupported|unterminated|unmatched|unbound|ambiguous|corrupt|too (?:many|few|long|large|small)|^\S+:\d+:\d+:|requires?|must|without|mismatch|overflow|readonly|exists?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Words();

}
