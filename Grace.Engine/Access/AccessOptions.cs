namespace Grace.Engine.Access;

/// <summary>Section <c>Grace:Access</c>.</summary>
public sealed class AccessOptions
{
    /// <summary>A bootstrap key with every right, for <c>Authorization: Bearer</c>.</summary>
    public string? ApiKey { get; set; }

    /// <summary>token: one login link, whoever has it may do everything. accounts: people sign in. Null: token where only this machine can connect, otherwise accounts.</summary>
    public string? Mode { get; set; }

    public bool UsesAccounts => Mode == "accounts";

    /// <summary>Of one caller to the API, who may use a minute's worth at once; 0: no limit.</summary>
    public int RequestsPerMinute { get; set; } = 60_000;

    /// <summary>Sign-ins by password and wrong links from one address; wrong keys ten times as many. What is more is answered with 429.</summary>
    public int FailuresPerMinute { get; set; } = 30;

    public IEnumerable<string> Check()
    {
        if (Mode is not (null or "" or "token" or "accounts"))
            yield return $"Grace:Access:Mode is '{Mode}'; allowed are token, accounts.";
        if (RequestsPerMinute is not (0 or (>= 60 and <= 10_000_000)))
            yield return $"Grace:Access:RequestsPerMinute is {RequestsPerMinute}; allowed is 60 to 10000000, or 0 for no limit.";
        if (FailuresPerMinute is < 1 or > 100_000)
            yield return $"Grace:Access:FailuresPerMinute is {FailuresPerMinute}; allowed is 1 to 100000.";
        if (ApiKey is { Length: > 0 and < 16 })
            yield return $"Grace:Access:ApiKey has {ApiKey.Length} characters; at least 16 are needed.";
    }
}
