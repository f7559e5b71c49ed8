using Grace.Engine.Orchestration;

namespace Grace.Engine.Jobs;

/// <summary>Section <c>Grace:Worker</c>: what this node does as a worker.</summary>
public sealed class WorkerOptions
{
    /// <summary>The queues whose phases this node executes; none: the default one.</summary>
    public string[] Queues { get; set; } = [];

    public string[] Takes => Queues.Length == 0 ? [PhaseQueues.Default] : Queues;

    /// <summary>How long a job that ended stays in the lists and in the history; one that failed stays until it is settled.</summary>
    public TimeSpan KeepJobs { get; set; } = TimeSpan.FromDays(7);

    public IEnumerable<string> Check()
    {
        if (KeepJobs < TimeSpan.FromMinutes(1))
            yield return $"Grace:Worker:KeepJobs is {KeepJobs}; allowed is 00:01:00 and more.";
        foreach (var queue in Queues.Where(queue => !PhaseQueues.IsName(queue)))
            yield return PhaseQueues.Wrong("Grace:Worker:Queues", queue);
    }
}
