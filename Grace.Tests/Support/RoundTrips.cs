using System.Diagnostics.Metrics;

namespace Grace.Tests.Support;

/// <summary>How often one flow of work, and what it awaits, goes to the database; what runs beside it does not count.</summary>
static class RoundTrips
{
    sealed class Counter
    {
        public int Count;
    }

    static readonly AsyncLocal<Counter?> Counting = new();

    /// <summary>Npgsql tells of every command in the flow that sent it, a batch as one; commits are not among them.</summary>
    static readonly MeterListener Listener = Listen();

    public static async Task<int> OfAsync(Func<Task> work)
    {
        _ = Listener;
        var counter = new Counter();
        Counting.Value = counter;
        try
        {
            await work();
        }
        finally
        {
            Counting.Value = null;
        }
        return Volatile.Read(ref counter.Count);
    }

    static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Npgsql" && instrument.Name == "db.client.operation.duration")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) =>
        {
            if (Counting.Value is { } counter)
                Interlocked.Increment(ref counter.Count);
        });
        listener.Start();
        return listener;
    }
}
