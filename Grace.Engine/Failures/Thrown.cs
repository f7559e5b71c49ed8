using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>
/// The exception that ended a program, known by where its runtime prints it rather than by how its type is called: behind a
/// traceback's frames, before a stack, in what a C++ program was terminated with.
/// </summary>
/// <param name="Line">Which of the lines says it.</param>
/// <param name="Type">Without its namespace; null where it says no more than that something failed.</param>
internal sealed record Thrown(int Line, string? Type)
{
    /// <summary>The one that came out: of several that were thrown one while another was handled, the last.</summary>
    public static Thrown? In(IReadOnlyList<string> lines)
    {
        Thrown? found = null;
        for (var i = 0; i < lines.Count; i++)
            if (At(lines, i) is { } thrown)
                found = thrown;
        return found;
    }

    static Thrown? At(IReadOnlyList<string> lines, int i)
    {
        var line = lines[i];
        if (line.StartsWith("Traceback (most recent call last)", StringComparison.Ordinal))
        {
            for (var end = i + 1; end < lines.Count; end++)
                if (!char.IsWhiteSpace(lines[end][0]) && lines[end] is not ("…" or "..."))
                    return Reports.Python().Match(lines[end]) is { Success: true } thrown ? new(end, Named(thrown)) : null;
            return null;
        }
        if (Reports.Ruby().Match(line) is { Success: true } ruby && (i == 0 || !Reports.Ruby().IsMatch(lines[i - 1])))
            return new(i, Named(ruby));
        if (line.StartsWith("    while executing", StringComparison.Ordinal) && i > 0)
            return new(i - 1, null);
        if (Reports.Elixir().Match(line) is { Success: true } elixir)
            return new(i, Named(elixir));
        return Reports.What().IsMatch(line) ? new(i, i > 0 && Reports.Terminated().Match(lines[i - 1]) is { Success: true } type ? Named(type) : null) : null;
    }

    /// <summary>A bare "Error" keeps its module: binascii's is not struct's.</summary>
    static string? Named(Match match)
    {
        var parts = match.Groups["type"].Value.Split('.', ':').Where(p => p.Length > 0).ToArray();
        var last = parts.Length == 0 ? "" : parts[^1];
        return last is "Error" or "error" or "Exception" or "exception" ? parts.Length > 1 ? $"{parts[^2]}.{last}" : null : last is "RuntimeError" or "runtime_error" or "" ? null : last;
    }
}

internal static partial class Reports
{
    [GeneratedRegex(@"^(?<type>[A-Za-z_][\w.]*)(?::\s|:?$)")]
    public static partial Regex Python();

    [GeneratedRegex(@"^\S+:\d+:in [`'].*'?: .+ \((?<type>(?:\w+::)*[A-Z]\w*)\)$")]
    public static partial Regex Ruby();

    [GeneratedRegex(@"^\*\* \((?<type>[A-Z][\w.]*)\) ")]
    public static partial Regex Elixir();

    [GeneratedRegex(@"^\s*what\(\):\s+\S")]
    public static partial Regex What();

    [GeneratedRegex(@"^terminate called after throwing an instance of '(?<type>[\w:]+)")]
    public static partial Regex Terminated();
}
