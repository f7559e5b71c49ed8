using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Npgsql;

namespace Grace.Web.Bench;

/// <summary>
/// What work costs apart from time, which says little on a machine that others use too: how often it went to the database,
/// how many of its transactions wrote, how much log the server kept for it, and the processors' time on both sides.
/// </summary>
/// <param name="ServerCpu">Of the server's processes for this database; zero where they cannot be seen, because they are on another machine.</param>
readonly record struct Cost(long RoundTrips, long Writes, long Log, TimeSpan Cpu, TimeSpan ServerCpu)
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    static long roundTrips;

    /// <summary>Npgsql tells of every command that it sent, a batch as one.</summary>
    static readonly MeterListener Listener = Listen();

    public static async Task<Cost> NowAsync(NpgsqlConnection owner)
    {
        await using var command = new NpgsqlCommand("""
            select pg_current_xact_id()::text::bigint, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint,
              (select array_agg(pid) from pg_stat_activity where datname = current_database())
            """, owner);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        _ = Listener;
        return new(
            Interlocked.Read(ref roundTrips), reader.GetInt64(0), reader.GetInt64(1), Environment.CpuUsage.TotalTime,
            reader.GetFieldValue<int[]>(2).Aggregate(TimeSpan.Zero, (sum, pid) => sum + CpuOf(pid)));
    }

    public static Cost operator -(Cost after, Cost before) => new(
        after.RoundTrips - before.RoundTrips, after.Writes - before.Writes, after.Log - before.Log, after.Cpu - before.Cpu, after.ServerCpu - before.ServerCpu);

    public static Cost operator +(Cost one, Cost other) => new(
        one.RoundTrips + other.RoundTrips, one.Writes + other.Writes, one.Log + other.Log, one.Cpu + other.Cpu, one.ServerCpu + other.ServerCpu);

    /// <summary>For each of so many.</summary>
    public string Each(int count) => string.Create(CultureInfo.InvariantCulture,
        $"{Cpu.TotalMilliseconds / count:0.0} + {ServerCpu.TotalMilliseconds / count:0.0} ms of processors (own + server's), {(double)RoundTrips / count:0.0} round trips, {(double)Writes / count:0.0} transactions that write, {Log / 1024.0 / count:0.0} KB of its log");

    /// <summary>Times in user and in system mode, the 14th and 15th field of what Linux tells of a process.</summary>
    static TimeSpan CpuOf(int pid)
    {
        try
        {
            var fields = File.ReadAllText($"/proc/{pid}/stat").Split(' ');
            return (long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture)) * Tick;
        }
        catch (IOException)
        {
            return TimeSpan.Zero;
        }
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
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref roundTrips));
        listener.Start();
        return listener;
    }
}
