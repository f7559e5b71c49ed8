using JasperFx.Events.Projections;
using Marten;

namespace Grace.Engine.Log;

/// <summary>
/// Background work that follows the log, as a Marten subscription: one node at a time does it, its progress is kept, and the
/// next node takes over when that one dies. What it does must bear being done again, except what goes into
/// <see cref="IDocumentOperations"/>, which is committed together with the progress.
/// </summary>
public abstract class LogFollower(EventLog log)
{
    /// <summary>Under which a follower's progress is kept in mt_event_progression.</summary>
    public static string Progress(string name) => $"{name}:All";

    /// <param name="events">Some of those it asked for, in the order of their positions.</param>
    protected abstract Task TakeAsync(IReadOnlyList<Recorded> events, IDocumentOperations operations, CancellationToken cancel);

    internal async Task<IChangeListener> ProcessEventsAsync(EventRange page, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        if (page.Events.Count > 0)
            await TakeAsync(await log.ReadAsync([.. page.Events.Select(e => e.Sequence)], cancellationToken), operations, cancellationToken);
        return NullChangeListener.Instance;
    }
}
