using Grace.Engine.Deployments;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Orchestration;

/// <summary>
/// On which of Hangfire's queues a phase belongs, so that only nodes that take from it execute it: the queue of the environment
/// it deploys to, its own, or the default one. All nodes are to be configured alike in this.
/// </summary>
public sealed class PhaseQueues(OrchestratorOptions options, DeployOptions deploy)
{
    public const string Default = "default";
    const int LongestName = 40;

    /// <summary>False: everything is on the default queue.</summary>
    public bool AreSet => options.PhaseQueues.Count > 0 || deploy.Environments.Values.Any(e => !string.IsNullOrEmpty(e.Queue));

    /// <summary>That of the phase that it is to go on with.</summary>
    public string Of(Pipeline pipeline) => (pipeline.Current?.Phase ?? pipeline.NextPhase) is { } next ? Of(pipeline, next) : Default;

    public string Of(Pipeline pipeline, Phase phase) =>
        phase == Phase.Deploy && deploy.Environments.GetValueOrDefault(pipeline.Context["deployment_environment"]?.ToString() ?? DeployOptions.Local)?.Queue is { Length: > 0 } there ? there
        : options.PhaseQueues.GetValueOrDefault(phase.Name(), Default);

    /// <summary>Hangfire's rule for names, and a length.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');

    /// <summary>Says of a wrong name what is allowed.</summary>
    public static string Wrong(string setting, string name) => $"{setting} names the queue '{name}'; allowed are lower-case letters, digits, dashes and underscores, {LongestName} at most.";
}
