using System.Globalization;
using System.Text.Json.Serialization;
using Dapper;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>A job's run that ended, or what a person did to a job or a node.</summary>
public sealed record HistoryRow
{
    public required string Id { get; init; }

    /// <summary>run, or action.</summary>
    public required string Kind { get; init; }

    /// <summary>succeeded, skipped (there was nothing to do), failed, retrying (failed, and will be tried again), cancelled; of an action, which.</summary>
    public required string Outcome { get; init; }

    /// <summary>The job's key, or the node's id.</summary>
    public required string Target { get; init; }
    public string? Node { get; init; }
    public string? Trigger { get; init; }

    /// <summary>The error, or what it says about itself.</summary>
    public string? Says { get; init; }
    public string? By { get; init; }
    public string? Reason { get; init; }
    public int? RetryAttempt { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset At => Jobs.Ticks.Time(Ticks)!.Value;

    public double? Seconds => Jobs.Ticks.Seconds(RunTime);

    [JsonIgnore] public long Ticks { get; init; }
    [JsonIgnore] public long? RunTime { get; init; }

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
    public static readonly string[] Outcomes = ["succeeded", "skipped", "failed", "retrying", "cancelled", "action"];

    public bool IsNarrowed => Outcome is not null || Search is not null;

    /// <summary>Where to go on; null: that is no cursor.</summary>
    public static (long Ticks, string Id)? Place(string? cursor) =>
        cursor?.Split('~', 2) is [var ticks, { Length: > 0 } id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < DateTime.MaxValue.Ticks - TimeSpan.TicksPerSecond && !id.Contains('\0', StringComparison.Ordinal) ? (number, id) : null;
}

/// <param name="Next">Give it as before; null at the end. A page may be empty and still have one: so far was searched.</param>
public sealed record HistoryPage(IReadOnlyList<HistoryRow> History, string? Next);

/// <summary>
/// Runs as Quartz keeps them, one row a run, and what people did, in one order: newest first by when it began. A search looks
/// through a bounded number of rows a page, so its work does not grow with the history.
/// </summary>
public sealed class JobHistory(NpgsqlDataSource database)
{
    const int Window = 10_000;
    const int MostNames = 20;
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
        var (runs, actions) = place is null ? ("", "") : ("and fired_time <= @Ticks and (fired_time < @Ticks or entry_id collate \"C\" < @Id)", "and at <= @At and (k.ticks, k.place) < (@Ticks, @Id)");
        if (filter.Job is { } job)
            (runs, actions) = ($"{runs} and ({Names(job, given)})", $"{actions} and target = @Job");
        var sql = Sql.Replace("/*runs*/", runs, StringComparison.Ordinal).Replace("/*actions*/", actions, StringComparison.Ordinal);
        await using var connection = await database.OpenConnectionAsync(cancel);
        var seen = await JobQueries.Quartzs(() => connection.QueryAsync<HistoryRow>(new CommandDefinition(sql, given, cancellationToken: cancel)));
        var found = seen.Where(row => row.Wanted).ToList();
        var page = found.Take(filter.Limit).ToList();
        return new(page, (found.Count > filter.Limit ? page[^1] : seen.FirstOrDefault(row => row.IsLast))?.Cursor);
    }

    /// <summary>Any job that the key may name: its dots leave open where the group ends.</summary>
    static string Names(string key, DynamicParameters given)
    {
        List<string> names = [];
        for (var dot = key.IndexOf('.'); dot >= 0 && names.Count < MostNames; dot = key.IndexOf('.', dot + 1))
        {
            given.Add($"Group{names.Count}", key[..dot]);
            given.Add($"Name{names.Count}", key[(dot + 1)..]);
            names.Add($"job_group = @Group{names.Count} and job_name = @Name{names.Count}");
        }
        return names.Count == 0 ? "false" : string.Join(" or ", names);
    }
}
