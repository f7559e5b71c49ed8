using Grace.Engine.Orchestration;

namespace Grace.Engine.Jobs;

/// <summary>Section <c>Grace:Worker</c>: what this node does as a worker.</summary>
public sealed class WorkerOptions
{
    /// <summary>The queues whose phases this node executes; none: the default one.</summary>
    public string[] Queues { get; set; } = [];

    public string[] Takes => Queues.Length == 0 ? [PhaseQueues.Default] : Queues;

    public IEnumerable<string> Check() => Queues.Where(queue => !PhaseQueues.IsName(queue)).Select(queue => PhaseQueues.Wrong("Grace:Worker:Queues", queue));
}
