using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces;

/// <summary>Whether a repository named by a user is there. <see cref="Error"/> says what is wrong, for the user.</summary>
public sealed record SourceProbe(bool Readable, string? Error, string? Head);

/// <summary>Where a repository comes from: an address that git may fetch, or a folder of this machine. Pure, but for looking at the folder.</summary>
internal static partial class GitSource
{
    /// <summary>Null when it may be tried; otherwise what is wrong with it.</summary>
    public static string? Refusal(string source) => source switch
    {
        { Length: 0 } => "The repository is empty: give a folder or an address (https, ssh, git or file).",
        { Length: > 2000 } => "The repository's address is longer than 2,000 characters.",
        _ when source.StartsWith('-') => $"'{Redact(source)}' is no repository: it must not begin with '-'.",
        _ when source.Any(char.IsControl) => "The repository's address holds control characters.",
        _ when source.Contains("::", StringComparison.Ordinal) => $"'{Redact(source)}' asks for a transport of its own; allowed are https, http, ssh, git, file and local folders.",
        _ when Scheme().Match(source) is { Success: true } match && match.Groups[1].Value.ToLowerInvariant() is not ("https" or "http" or "ssh" or "git" or "file")
            => $"'{Redact(source)}' has the scheme {match.Groups[1].Value}; allowed are https, http, ssh, git, file and local folders.",
        _ when Secret().IsMatch(source) => $"'{Redact(source)}' holds a password or token, which the log would keep for ever. Leave it out, and write a line https://USER:TOKEN@HOST into the file {GitCredentials.FileName} of the data folder, or use ssh.",
        _ => null,
    };

    public static bool IsAddress(string source) => !Directory.Exists(source) && (Scheme().IsMatch(source) || ShortSsh().IsMatch(source));

    /// <summary>Whether a clone of it comes from this machine's own disk.</summary>
    public static bool IsHere(string source) => !IsAddress(source) || source.StartsWith("file:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a folder is itself a repository (with a work tree or bare), not just part of one.</summary>
    public static bool IsRepository(string folder) => Path.Exists(Path.Combine(folder, ".git"))
        || (File.Exists(Path.Combine(folder, "HEAD")) && Directory.Exists(Path.Combine(folder, "objects")) && Directory.Exists(Path.Combine(folder, "refs")));

    public static string Redact(string text) => Password().Replace(text, "$1***@");

    public static string WithoutCredentials(string address) => Password().Replace(address, "$1");

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.-]*)://")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^[\w.-]+@[\w.-]+:[^:]")]
    private static partial Regex ShortSsh();

    [GeneratedRegex(@"(://)[^/@\s]+@")]
    private static partial Regex Password();

    // A token is often given as the user's name; only ssh has names that are no secret.
    [GeneratedRegex(@"^(?:https?|git|file)://[^/\s]*@|^ssh://[^/@\s]*:[^/@\s]*@", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
