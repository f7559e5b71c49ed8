using Grace.Engine.Access;
using Grace.Engine.Deployments;
using Grace.Engine.Guardian;
using Grace.Engine.Jobs;
using Grace.Engine.Knowledge;
using Grace.Engine.Learning;
using Grace.Engine.Orchestration;
using Grace.Engine.Tools;
using Grace.Engine.Webhooks;

namespace Grace.Engine;

/// <summary>Section <c>Grace</c> of the configuration. <see cref="Check"/> names what is wrong, with value and remedy.</summary>
public sealed class GraceOptions
{
    /// <summary>A PostgreSQL connection string; empty: PostgreSQL embedded in the data folder.</summary>
    public string Database { get; set; } = "";

    /// <summary>Where everything is kept.</summary>
    public string Data { get; set; } = ".grace";

    public OrchestratorOptions Orchestrator { get; set; } = new();
    public WorkerOptions Worker { get; set; } = new();
    public AccessOptions Access { get; set; } = new();
    public ModelOptions Models { get; set; } = new();
    public CodingAgentOptions CodingAgent { get; set; } = new();
    public TelemetryOptions Telemetry { get; set; } = new();
    public SearchOptions Search { get; set; } = new();
    public ToolOptions Tools { get; set; } = new();
    public KnowledgeOptions Knowledge { get; set; } = new();
    public DeployOptions Deploy { get; set; } = new();
    public GuardianOptions Guardian { get; set; } = new();
    public LearningOptions Learning { get; set; } = new();
    public WebhookOptions Webhooks { get; set; } = new();

    public IEnumerable<string> Check()
    {
        foreach (var wrong in Orchestrator.Check().Concat(Worker.Check()).Concat(Access.Check()).Concat(Search.Check()).Concat(Tools.Check()).Concat(Knowledge.Check())
            .Concat(Deploy.Check()).Concat(Guardian.Check()).Concat(Learning.Check()).Concat(Webhooks.Check()))
            yield return wrong;
        foreach (var (name, there) in Deploy.Environments.Where(e => e.Value.Queue is { Length: > 0 } queue && !PhaseQueues.IsName(queue)))
            yield return PhaseQueues.Wrong($"Grace:Deploy:Environments:{name}:Queue", there.Queue!);
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
    }
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
