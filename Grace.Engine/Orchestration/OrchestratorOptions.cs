namespace Grace.Engine.Orchestration;

/// <summary>Section <c>Grace:Orchestrator</c>.</summary>
public sealed class OrchestratorOptions
{
    public int MaxConcurrentPipelines { get; set; } = 2;
    public bool AutoRecover { get; set; } = true;
    public int RecoveryAttempts { get; set; } = 2;

    /// <summary>The longest that one attempt of a phase may take.</summary>
    public TimeSpan PhaseTimeout { get; set; } = TimeSpan.FromMinutes(30);

    public IEnumerable<string> Check()
    {
        if (MaxConcurrentPipelines is < 1 or > 256)
            yield return $"Grace:Orchestrator:MaxConcurrentPipelines is {MaxConcurrentPipelines}; allowed is 1 to 256.";
        if (RecoveryAttempts is < 0 or > 20)
            yield return $"Grace:Orchestrator:RecoveryAttempts is {RecoveryAttempts}; allowed is 0 to 20.";
        if (PhaseTimeout < TimeSpan.FromSeconds(1) || PhaseTimeout > TimeSpan.FromDays(1))
            yield return $"Grace:Orchestrator:PhaseTimeout is {PhaseTimeout}; allowed is 00:00:01 to 1.00:00:00.";
    }
}
