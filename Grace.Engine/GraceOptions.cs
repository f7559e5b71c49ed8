namespace Grace.Engine;

/// <summary>Section <c>Grace</c> of the configuration. <see cref="Check"/> names what is wrong, with value and remedy.</summary>
public sealed class GraceOptions
{
    /// <summary>A PostgreSQL connection string; empty: PostgreSQL embedded in the data folder.</summary>
    public string Database { get; set; } = "";

    /// <summary>Where everything is kept.</summary>
    public string Data { get; set; } = ".grace";

    public OrchestratorOptions Orchestrator { get; set; } = new();
    public AccessOptions Access { get; set; } = new();
    public ModelOptions Models { get; set; } = new();
    public CodingAgentOptions CodingAgent { get; set; } = new();
    public TelemetryOptions Telemetry { get; set; } = new();
    public Tools.SearchOptions Search { get; set; } = new();
    public Tools.ToolOptions Tools { get; set; } = new();
    public KnowledgeOptions Knowledge { get; set; } = new();
    public DeployOptions Deploy { get; set; } = new();
    public GuardianOptions Guardian { get; set; } = new();
    public Learning.LearningOptions Learning { get; set; } = new();
    public Webhooks.WebhookOptions Webhooks { get; set; } = new();

    public IEnumerable<string> Check()
    {
        if (Orchestrator.MaxConcurrentPipelines is < 1 or > 256)
            yield return $"Grace:Orchestrator:MaxConcurrentPipelines is {Orchestrator.MaxConcurrentPipelines}; allowed is 1 to 256.";
        if (Orchestrator.RecoveryAttempts is < 0 or > 20)
            yield return $"Grace:Orchestrator:RecoveryAttempts is {Orchestrator.RecoveryAttempts}; allowed is 0 to 20.";
        if (Orchestrator.PhaseTimeout < TimeSpan.FromSeconds(1) || Orchestrator.PhaseTimeout > TimeSpan.FromDays(1))
            yield return $"Grace:Orchestrator:PhaseTimeout is {Orchestrator.PhaseTimeout}; allowed is 00:00:01 to 1.00:00:00.";
        if (Models.Provider is not ("none" or "anthropic" or "openai"))
            yield return $"Grace:Models:Provider is '{Models.Provider}'; allowed are none, anthropic, openai.";
        else if (Models.Provider != "none")
            yield return $"Grace:Models:Provider is '{Models.Provider}'; this version works without a model, so only none is possible.";
        if (!string.IsNullOrEmpty(CodingAgent.Command))
            yield return $"Grace:CodingAgent:Command is '{CodingAgent.Command}'; this version works without a coding agent, so it must be empty.";
        if (Telemetry.SeqUrl is { Length: > 0 } seq && !(Uri.TryCreate(seq, UriKind.Absolute, out var server) && server.Scheme is "http" or "https"))
            yield return $"Grace:Telemetry:SeqUrl is '{seq}'; it must be the http or https address of a Seq server, such as http://127.0.0.1:5341.";
        if (Telemetry.SeqApiKey is { Length: > 0 } && string.IsNullOrEmpty(Telemetry.SeqUrl))
            yield return "Grace:Telemetry:SeqApiKey is set, but Grace:Telemetry:SeqUrl is not; set both, or neither.";
        if (Telemetry.OtlpEndpoint is { Length: > 0 } endpoint && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var collector) && collector.Scheme is "http" or "https"))
            yield return $"Grace:Telemetry:OtlpEndpoint is '{endpoint}'; it must be an http or https address, such as http://127.0.0.1:4318 or Seq's http://127.0.0.1:5341/ingest/otlp.";
        if (Access.Mode is not (null or "" or "token" or "accounts"))
            yield return $"Grace:Access:Mode is '{Access.Mode}'; allowed are token, accounts.";
        if (Access.RequestsPerMinute is not (0 or (>= 60 and <= 10_000_000)))
            yield return $"Grace:Access:RequestsPerMinute is {Access.RequestsPerMinute}; allowed is 60 to 10000000, or 0 for no limit.";
        if (Access.FailuresPerMinute is < 1 or > 100_000)
            yield return $"Grace:Access:FailuresPerMinute is {Access.FailuresPerMinute}; allowed is 1 to 100000.";
        if (Access.ApiKey is { Length: > 0 and < 16 })
            yield return $"Grace:Access:ApiKey has {Access.ApiKey.Length} characters; at least 16 are needed.";
        if (Search.Provider is not (null or "" or "none" or "searxng"))
            yield return $"Grace:Search:Provider is '{Search.Provider}'; allowed are none, searxng.";
        if (Search is { Provider: "searxng", Endpoint: null })
            yield return "Grace:Search:Endpoint is missing; it must be the address of the SearXNG instance.";
        if (Guardian.PauseLimit < TimeSpan.FromSeconds(1))
            yield return $"Grace:Guardian:PauseLimit is {Guardian.PauseLimit}; allowed is 00:00:01 and more.";
        foreach (var wrong in Learning.Check().Concat(Webhooks.Check()))
            yield return wrong;
        foreach (var name in Deploy.Environments.Keys.Where(name => !DeployOptions.IsName(name)))
            yield return $"Grace:Deploy:Environments names '{name}'; allowed are lower-case letters, digits and dashes, 40 at most.";
        foreach (var folder in Tools.Path.Where(f => !Path.IsPathRooted(f) || f.Contains(':', StringComparison.Ordinal) || !Directory.Exists(f)))
            yield return $"Grace:Tools:Path names '{folder}', which is not a folder; allowed are absolute folders without a colon.";
        foreach (var folder in Knowledge.Folders.Where(f => !Directory.Exists(f)))
            yield return $"Grace:Knowledge:Folders names '{folder}', which is not a folder.";
    }
}

public sealed class OrchestratorOptions
{
    public int MaxConcurrentPipelines { get; set; } = 2;
    public bool AutoRecover { get; set; } = true;
    public int RecoveryAttempts { get; set; } = 2;

    /// <summary>The longest that one attempt of a phase may take.</summary>
    public TimeSpan PhaseTimeout { get; set; } = TimeSpan.FromMinutes(30);
}

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
}

public sealed class ModelOptions
{
    public string Provider { get; set; } = "none";
    public string? Model { get; set; }
    public string? BaseUrl { get; set; }
    public string? ApiKey { get; set; }
}

public sealed class CodingAgentOptions
{
    public string? Command { get; set; }
}

public sealed class TelemetryOptions
{
    /// <summary>The address of a Seq server, to which logs go as Seq takes them; empty: nowhere.</summary>
    public string? SeqUrl { get; set; }

    /// <summary>For a Seq server that asks for one; never logged.</summary>
    public string? SeqApiKey { get; set; }

    /// <summary>The base address of an OTLP/HTTP collector, to which logs and traces go; empty: nowhere.</summary>
    public string? OtlpEndpoint { get; set; }
}

public sealed class KnowledgeOptions
{
    /// <summary>Folders of Markdown to search; <c>knowledge/</c> in the data folder always counts.</summary>
    public string[] Folders { get; set; } = [];
}

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
}

/// <summary>An environment on this machine: releases of its own, on ports of its own.</summary>
public sealed class EnvironmentOptions
{
    public bool? NeedsApproval { get; set; }

    /// <summary>False: whoever asked for the pipeline may not approve it.</summary>
    public bool RequesterMayApprove { get; set; } = true;
}

public sealed class GuardianOptions
{
    /// <summary>A pause that lasts longer waits for the Guardian; after half of it a person is reminded.</summary>
    public TimeSpan PauseLimit { get; set; } = TimeSpan.FromHours(24);
}
