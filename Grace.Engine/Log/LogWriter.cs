using Marten;
using Marten.Services;
using Npgsql;

namespace Grace.Engine.Log;

/// <summary>The way into the log: one unit of work at a time, each one Marten session and one commit.</summary>
public sealed class LogWriter(IDocumentStore store, NpgsqlDataSource database, LogSignal signal)
{
    /// <summary>Begins a unit of work; nothing is written until it commits.</summary>
    /// <param name="within">A transaction that others began and will commit; the events are told by <see cref="LogSignal"/> after that.</param>
    public LogWrite Begin(Origin origin, DateTimeOffset at, NpgsqlTransaction? within = null)
    {
        var session = store.OpenSession(within is null ? new SessionOptions { Tracking = DocumentTracking.None } : SessionOptions.ForTransaction(within));
        session.LastModifiedBy = origin.By;
        session.CorrelationId = origin.Correlation!;
        session.CausationId = origin.Causation!;
        return new(session, database, at, within is null ? signal : null);
    }

    /// <summary>A stream folded as it stands, or stood at a version (0: now); null when there is none of that kind by that name.</summary>
    public async Task<T?> FoldAsync<T>(string streamId, long atVersion, CancellationToken cancel) where T : class
    {
        await using var session = store.QuerySession();
        return await session.Events.AggregateStreamAsync<T>(streamId, atVersion, token: cancel);
    }
}
