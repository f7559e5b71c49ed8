using Grace.Engine.Pipelines;

namespace Grace.Engine.Orchestration;

/// <summary>Section <c>Grace:Orchestrator</c>.</summary>
public sealed class OrchestratorOptions
{
    public int MaxConcurrentPipelines { get; set; } = 2;
    public bool AutoRecover { get; set; } = true;
    public int RecoveryAttempts { get; set; } = 2;

    /// <summary>The longest that one attempt of a phase may take.</summary>
    public TimeSpan PhaseTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>By phase, the queue it belongs on; a phase that is not named is on <see cref="Orchestration.PhaseQueues.Default"/>.</summary>
    public Dictionary<string, string> PhaseQueues { get; set; } = [];

    public IEnumerable<string> Check()
    {
        foreach (var (phase, queue) in PhaseQueues)
            if (PhaseOrder.All.All(p => p.Name() != phase))
                yield return $"Grace:Orchestrator:PhaseQueues names '{phase}', which is no phase; allowed are {string.Join(", ", PhaseOrder.All.Select(p => p.Name()))}.";
            else if (!Orchestration.PhaseQueues.IsName(queue))
                yield return Orchestration.PhaseQueues.Wrong($"Grace:Orchestrator:PhaseQueues:{phase}", queue);
        if (MaxConcurrentPipelines is < 1 or > 256)
            yield return $"Grace:Orchestrator:MaxConcurrentPipelines is {MaxConcurrentPipelines}; allowed is 1 to 256.";
        if (RecoveryAttempts is < 0 or > 20)
            yield return $"Grace:Orchestrator:RecoveryAttempts is {RecoveryAttempts}; allowed is 0 to 20.";
        if (PhaseTimeout < TimeSpan.FromSeconds(1) || PhaseTimeout > TimeSpan.FromDays(1))
            yield return $"Grace:Orchestrator:PhaseTimeout is {PhaseTimeout}; allowed is 00:00:01 to 1.00:00:00.";
    }
}
