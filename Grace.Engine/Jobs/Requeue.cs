using Hangfire.States;

namespace Grace.Engine.Jobs;

/// <summary>Who acts through Hangfire's own dashboard; the web tells.</summary>
public sealed class JobCaller
{
    public Func<string?> Name { get; set; } = () => null;
}

/// <summary>Notes who puts a failed job back; when it runs, it retries its pipeline in their name.</summary>
sealed class Requeue(JobCaller caller) : IElectStateFilter
{
    public const string By = "RequeuedBy";

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is EnqueuedState && context.CurrentState == FailedState.StateName && caller.Name() is { } by)
            context.SetJobParameter(By, by);
    }
}
