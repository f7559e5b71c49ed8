using System.Security.Cryptography;
using System.Text;
using Grace.Engine;
using Grace.Engine.Hosting;

namespace Grace.Web.Access;

/// <summary>
/// The login link. Its token lives in the data folder, readable by its owner alone. In token mode it is the one way in; with
/// accounts it makes the first administrator, and after that is good for nothing.
/// </summary>
sealed class LoginLink(string token, string? apiKey)
{
    public static LoginLink Open(DataFolder data, GraceOptions options)
    {
        var file = Path.Combine(data.Keys, "login-token");
        if (!File.Exists(file))
            SecretFile.Write(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
        return new(File.ReadAllText(file).Trim(), options.Access.ApiKey);
    }

    public string For(string address) => $"{address.TrimEnd('/')}/login?token={token}";

    public bool IsToken(string? given) => Same(given, token);

    public bool IsKey(string? given) => Same(given, apiKey);

    /// <summary>What a cookie carries of the token: a new token ends the sessions of the old one.</summary>
    public string Stamp { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("stamp of " + token)))[..16];

    static bool Same(string? given, string? known) =>
        !string.IsNullOrEmpty(given) && !string.IsNullOrEmpty(known)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(known)));
}
