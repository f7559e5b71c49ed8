using System.Runtime.ExceptionServices;
using Grace.Engine.Hosting;
using JasperFx;
using JasperFx.Events;
using Marten;
using Marten.Exceptions;
using Npgsql;

namespace Grace.Engine.Log;

/// <summary>Everything that becomes true together: appends to any number of streams, and the statements that belong to them.</summary>
public sealed class LogWrite : IAsyncDisposable
{
    readonly IDocumentSession session;
    readonly NpgsqlDataSource database;
    readonly DateTimeOffset at;
    readonly LogSignal? signal;
    readonly List<IEvent> events = [];
    readonly Dictionary<string, Action<IEnumerable<object>>> fetched = [];
    (string Stream, long Expected) last;

    internal LogWrite(IDocumentSession session, NpgsqlDataSource database, DateTimeOffset at, LogSignal? signal) =>
        (this.session, this.database, this.at, this.signal) = (session, database, at.ToUniversalTime(), signal);

    /// <summary>When the events happen, in UTC.</summary>
    public DateTimeOffset At => at;

    /// <summary>A stream folded as it stands, to be appended to in this unit of work if nobody comes in between; null when there is none.</summary>
    public async Task<T?> FetchAsync<T>(string streamId, CancellationToken cancel) where T : class
    {
        var stream = await session.Events.FetchForWriting<T>(streamId, cancel);
        fetched[streamId] = stream.AppendMany;
        return stream.Aggregate;
    }

    /// <param name="expectedVersion">Where the stream must stand; 0 where it must not exist.</param>
    public void Append(string streamId, long expectedVersion, IEnumerable<object> given)
    {
        var added = given.Select(e =>
        {
            var one = session.Events.BuildEvent(e);
            one.Id = Guid.CreateVersion7(at);
            one.Timestamp = at;
            return one;
        }).ToList();
        events.AddRange(added);
        last = (streamId, expectedVersion);
        if (fetched.TryGetValue(streamId, out var append))
            append(added);
        else
            session.Events.Append(streamId, expectedVersion + added.Count, added);
    }

    /// <summary>A statement that goes with the events and returns no rows.</summary>
    public void Add(NpgsqlBatchCommand statement) => session.QueueOperation(new SilentStatement(statement));

    /// <summary>A statement that goes with the events, and whose rows are looked at.</summary>
    /// <param name="wrong">Asked after the last row; what it returns undoes the whole write.</param>
    public void Add(NpgsqlBatchCommand statement, Action<NpgsqlDataReader> row, Func<Exception?>? wrong = null) =>
        session.QueueOperation(new AnsweredStatement(statement, row, wrong));

    /// <summary>Writes it all, or nothing, and tells the live end of the log.</summary>
    /// <exception cref="StreamMoved">A stream does not stand where it was expected.</exception>
    public async Task<Appended> CommitAsync(CancellationToken cancel)
    {
        List<Recorded> told = [];
        var before = LogPlace.Start;
        if (signal is not null)
            Add(Appended.Tell(), row =>
            {
                told.Add(EventLog.Read(row));
                before = Appended.Before(row);
            });
        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            throw Plainly(refused);
        }
        var appended = new Appended(events.Count == 0 ? 0 : events.Max(e => e.Sequence), before, told);
        signal?.Commit(appended);
        return appended;
    }

    /// <summary>What the database said, without Marten's wrapping; two that got in each other's way are as one that came second.</summary>
    Exception Plainly(Exception refused)
    {
        if (refused is EventStreamUnexpectedMaxEventIdException or ConcurrencyException)
            return new StreamMoved(last.Stream, last.Expected);
        var inner = refused;
        while (inner is not NpgsqlException and { InnerException: { } deeper })
            inner = deeper;
        if (inner is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or "MT003" }
            or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "mt_events" or "mt_streams" })
            return new StreamMoved(last.Stream, last.Expected);
        // Refused while its statement was being prepared, before the server described its rows: the driver takes it for prepared all
        // the same, and whoever runs it next on that connection meets rows that nobody announced.
        if (RefusedData.In(inner) is not null)
            database.Clear();
        if (inner is NpgsqlException)
            ExceptionDispatchInfo.Throw(inner);
        return refused;
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();
}
