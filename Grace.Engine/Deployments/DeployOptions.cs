namespace Grace.Engine.Deployments;

/// <summary>Section <c>Grace:Deploy</c>.</summary>
public sealed class DeployOptions
{
    public const string Local = "local";

    /// <summary>By name; <c>local</c> is always there.</summary>
    public Dictionary<string, EnvironmentOptions> Environments { get; set; } = [];

    public IReadOnlyCollection<string> Names => [Local, .. Environments.Keys.Where(name => name != Local).Order(StringComparer.Ordinal)];

    /// <summary>Whether a person must agree before something is deployed there: production by default, others when told so.</summary>
    public bool NeedsApproval(string name) => Environments.GetValueOrDefault(name)?.NeedsApproval ?? name == "production";

    public bool RequesterMayApprove(string name) => Environments.GetValueOrDefault(name)?.RequesterMayApprove ?? true;

    public static bool IsName(string name) => name.Length is > 0 and <= 40 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && name[0] != '-';

    public IEnumerable<string> Check()
    {
        foreach (var name in Environments.Keys.Where(name => !IsName(name)))
            yield return $"Grace:Deploy:Environments names '{name}'; allowed are lower-case letters, digits and dashes, 40 at most.";
    }
}

/// <summary>An environment on this machine: releases of its own, on ports of its own.</summary>
public sealed class EnvironmentOptions
{
    public bool? NeedsApproval { get; set; }

    /// <summary>The queue that deployments there are on, for nodes that reach it; null: that of the phase.</summary>
    public string? Queue { get; set; }

    /// <summary>False: whoever asked for the pipeline may not approve it.</summary>
    public bool RequesterMayApprove { get; set; } = true;
}
