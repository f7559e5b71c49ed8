using System.Globalization;
using System.Text.Json.Serialization;
using Dapper;
using Grace.Engine.Hosting;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>A job's run that ended, or what a person did to a job or a node.</summary>
public sealed record HistoryRow
{
    public required string Id { get; init; }

    /// <summary>run, or action.</summary>
    public required string Kind { get; init; }

    /// <summary>succeeded, failed, retrying (failed, and will be tried again), deleted; of an action, which.</summary>
    public required string Outcome { get; init; }

    /// <summary>The job's key, or the node's id.</summary>
    public required string Target { get; init; }
    public string? Node { get; init; }
    public string? PipelineId { get; init; }

    /// <summary>The error, or what it says about itself.</summary>
    public string? Says { get; init; }
    public string? By { get; init; }
    public string? Reason { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset At => new(Ticks, TimeSpan.Zero);

    public double? Seconds { get; init; }

    /// <summary>In parts of 100 ns since the year 1.</summary>
    [JsonIgnore] public long Ticks { get; init; }

    /// <summary>False for a row that only tells up to where was searched.</summary>
    [JsonIgnore] public bool Wanted { get; init; }

    /// <summary>Whether this is as far as one page looks.</summary>
    [JsonIgnore] public bool IsLast { get; init; }

    [JsonIgnore] public string Cursor => $"{Ticks.ToString(CultureInfo.InvariantCulture)}~{Id}";
}

/// <param name="Outcome">One of <see cref="Outcomes"/>; null: all.</param>
/// <param name="Job">Of one job or node alone: its key or id.</param>
/// <param name="Search">A piece of anything shown, in any case.</param>
/// <param name="Before">The cursor where the page before ended.</param>
public sealed record HistoryFilter(string? Outcome = null, string? Job = null, string? Search = null, string? Before = null, int Limit = 50)
{
    public static readonly string[] Outcomes = ["succeeded", "failed", "retrying", "deleted", "action"];

    public bool IsNarrowed => Outcome is not null || Search is not null;

    /// <summary>Where to go on; null: that is no cursor.</summary>
    public static (long Ticks, string Id)? Place(string? cursor) =>
        cursor?.Split('~', 2) is [var ticks, { Length: > 0 } id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < DateTime.MaxValue.Ticks - TimeSpan.TicksPerSecond && !id.Contains('\0', StringComparison.Ordinal) ? (number, id) : null;
}

/// <param name="Next">Give it as before; null at the end. A page may be empty and still have one: so far was searched.</param>
public sealed record HistoryPage(IReadOnlyList<HistoryRow> History, string? Next);

/// <summary>
/// Runs that ended, as Hangfire keeps them for a day, and what people did, in one order: newest first by when it began. A search looks
/// through a bounded number of rows a page, so its work does not grow with the history.
/// </summary>
public sealed class JobHistory(NpgsqlDataSource database)
{
    const int Window = 10_000;
    static readonly string Sql = Resources.Read("Jobs/Sql/history.sql");

    public async Task<HistoryPage> ReadAsync(HistoryFilter filter, CancellationToken cancel = default)
    {
        var place = HistoryFilter.Place(filter.Before);
        var window = filter.IsNarrowed ? Window : filter.Limit + 1;
        var given = new DynamicParameters(new
        {
            filter.Outcome, filter.Search, filter.Job, filter.Limit, Window = window, place?.Ticks, place?.Id,
            At = place is { } p ? new DateTime(p.Ticks, DateTimeKind.Utc).AddMicroseconds(1) : (DateTime?)null,
        });
        // Only the conditions that are asked for, so that the planner sees which index serves them.
        var (runs, actions) = place is null ? ("", "") : ("and s.createdat <= @At and (k.ticks, k.place) < (@Ticks, @Id)", "and at <= @At and (k.ticks, k.place) < (@Ticks, @Id)");
        if (filter.Job is not null)
            (runs, actions) = ($"{runs} and (s.jobid::text = @Job)", $"{actions} and target = @Job");
        var sql = Sql.Replace("/*runs*/", runs, StringComparison.Ordinal).Replace("/*actions*/", actions, StringComparison.Ordinal);
        await using var connection = await database.OpenConnectionAsync(cancel);
        var seen = (await connection.QueryAsync<HistoryRow>(new CommandDefinition(sql, given, cancellationToken: cancel))).AsList();
        var found = seen.Where(row => row.Wanted).ToList();
        var page = found.Take(filter.Limit).ToList();
        return new(page, (found.Count > filter.Limit ? page[^1] : seen.FirstOrDefault(row => row.IsLast))?.Cursor);
    }
}
