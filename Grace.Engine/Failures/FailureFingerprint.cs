using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Grace.Engine.Failures;

/// <summary>
/// What stays the same when a failure happens again: its phase and its message as <see cref="FailureMessage"/> normalises it.
/// Two failures with one fingerprint are the same failure.
/// </summary>
public static class FailureFingerprint
{
    /// <summary>
    /// The whole fingerprint of a failure, for the log: phase, playbook and version, tool, exit code, normalised message and
    /// the failed tests, with 16 hex digits over phase, message and tests; and what the tool said, as printed.
    /// </summary>
    public static JsonObject Describe(string phase, string error, string? playbook, int? version, string? tool, int? exitCode, IReadOnlyList<string> tests, string? said = null) => new()
    {
        ["fingerprint"] = Of(phase, tests.Count == 0 ? error : $"{error}\n{string.Join('\n', tests.Order(StringComparer.Ordinal))}"),
        ["phase"] = phase,
        ["playbook"] = playbook,
        ["playbook_version"] = version,
        ["tool"] = tool,
        ["exit_code"] = exitCode,
        ["message"] = FailureMessage.Normalise(error),
        ["said"] = said,
        ["tests"] = new JsonArray([.. tests.Take(50).Select(t => (JsonNode)t)]),
    };

    /// <summary>16 hex digits over phase and normalised message.</summary>
    public static string Of(string phase, string message) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{phase}\n{FailureMessage.Normalise(message)}")))[..16];
}
