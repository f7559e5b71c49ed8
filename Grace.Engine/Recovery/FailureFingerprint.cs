using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Grace.Engine.Recovery;

/// <summary>
/// What stays the same when a failure happens again: its message without paths, numbers, ids, times and hashes. Two
/// failures with one fingerprint are the same failure.
/// </summary>
public static partial class FailureFingerprint
{
    const int LongestMessage = 500;

    [GeneratedRegex(@"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", RegexOptions.IgnoreCase)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b", RegexOptions.IgnoreCase)]
    private static partial Regex Hash();

    [GeneratedRegex(@"(?:[A-Za-z]:)?(?:[\\/][\w.+@-]+){2,}[\\/]?")]
    private static partial Regex Folders();

    [GeneratedRegex(@"\d+(?:[.,:]\d+)*")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    /// <summary>The message as it would read every time: on one line, at most 500 characters.</summary>
    public static string Normalise(string message)
    {
        var text = Uuid().Replace(message, "<id>");
        text = Folders().Replace(text, path => $"<path>{Path.GetExtension(path.Value.TrimEnd('/', '\\'))}");
        text = Hash().Replace(text, "<hash>");
        text = Number().Replace(text, "<n>");
        text = Space().Replace(text, " ").Trim();
        return text.Length <= LongestMessage ? text : text[..LongestMessage];
    }

    /// <summary>
    /// The whole fingerprint of a failure, for the log: phase, playbook and version, tool, exit code, normalised message and
    /// the failed tests, with 16 hex digits over phase, message and tests.
    /// </summary>
    public static JsonObject Describe(string phase, string error, string? playbook, int? version, string? tool, int? exitCode, IReadOnlyList<string> tests) => new()
    {
        ["fingerprint"] = Of(phase, tests.Count == 0 ? error : $"{error}\n{string.Join('\n', tests.Order(StringComparer.Ordinal))}"),
        ["phase"] = phase,
        ["playbook"] = playbook,
        ["playbook_version"] = version,
        ["tool"] = tool,
        ["exit_code"] = exitCode,
        ["message"] = Normalise(error),
        ["tests"] = new JsonArray([.. tests.Take(50).Select(t => (JsonNode)t)]),
    };

    /// <summary>16 hex digits over phase and normalised message.</summary>
    public static string Of(string phase, string message) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{phase}\n{Normalise(message)}")))[..16];
}
