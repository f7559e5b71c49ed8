using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Grace.Engine.Access;

/// <summary>An API key as it is kept: never the key itself, only its SHA-256, which is enough for 256 random bits.</summary>
/// <param name="Prefix">The beginning of the key, to tell keys apart by.</param>
/// <param name="LastUsedAt">To the nearest ten minutes or so; null: never.</param>
public sealed record ApiKey(
    string Id, string Name, Role Role, string Prefix, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    const string Mark = "grace_";
    const int ShownOfKey = 12;
    public const int LongestName = 60;

    /// <summary>Who the log says did it.</summary>
    public string By => $"key:{Name}";

    public bool IsInForce(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);

    /// <summary>A new secret: 256 random bits.</summary>
    public static string NewSecret() => Mark + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Whether it can be a key at all, so that nothing else is looked up.</summary>
    public static bool LooksLikeOne(string? given) => given is { Length: 49 } && given.StartsWith(Mark, StringComparison.Ordinal);

    public static string PrefixOf(string secret) => secret[..ShownOfKey];

    /// <summary>What is wrong with a name; null: nothing.</summary>
    public static string? Flaw(string? name) => name switch
    {
        null or "" => "name is missing; say what the key is for.",
        { Length: > LongestName } => $"name has {name.Length} characters; at most {LongestName} are allowed.",
        _ when !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') => $"name is '{name}'; allowed are letters, digits, dashes, dots and underscores.",
        _ => null,
    };
}
