using Hangfire.States;

namespace Grace.Engine.Jobs;

/// <summary>A job that is tried again or put back goes on the queue that it was made for.</summary>
sealed class SameQueue : IElectStateFilter
{
    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is EnqueuedState next && context.BackgroundJob.Job is { } job && job.Type == typeof(Stretch))
            next.Queue = Stretch.QueueOf(job);
    }
}
