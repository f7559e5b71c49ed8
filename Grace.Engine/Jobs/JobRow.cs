using System.Text.Json;
using System.Text.Json.Serialization;
using Quartz;

namespace Grace.Engine.Jobs;

/// <summary>A trigger of a job.</summary>
/// <param name="State">waiting, acquired, blocked, complete, paused, paused_blocked, error.</param>
/// <param name="Cron">Its expression, where it is a cron trigger.</param>
public sealed record JobTrigger(string Key, string State, string? Cron, DateTimeOffset? NextAt, DateTimeOffset? PreviousAt, string? Description);

/// <summary>A job of Quartz's store as people see it.</summary>
public sealed record JobRow
{
    /// <summary>Group and name with a dot between.</summary>
    public required string Key { get; init; }
    public required string Group { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }

    /// <summary>The class that runs, with its assembly; null when the job is gone.</summary>
    public string? Type { get; init; }

    /// <summary>One of <see cref="JobFilter.States"/>.</summary>
    public required string State { get; init; }
    public bool Durable { get; init; }

    /// <summary>It went with its last trigger; what is left is that its last run failed.</summary>
    public bool Gone { get; init; }

    /// <summary>The number of the slot that this job is; null for any other job.</summary>
    public int? Slot { get; init; }

    /// <summary>Whether pipelines may run in that slot; a slot beyond the limit is left over.</summary>
    public bool SlotEnabled { get; init; }
    public int TriggerCount { get; init; }

    /// <summary>Where it runs, or ran last.</summary>
    public string? Node { get; init; }

    /// <summary>How often the occurrence that failed was tried again.</summary>
    public int? RetryAttempt { get; init; }
    public string? Summary { get; init; }
    public string? Error { get; init; }
    public long Runs { get; init; }
    public long Failures { get; init; }

    public DateTimeOffset? RunningSince => Ticks.Time(RunningSinceTicks);

    public DateTimeOffset? NextAt => Ticks.Time(NextTicks);

    public DateTimeOffset? LastAt => Ticks.Time(LastTicks);

    public double? LastSeconds => Ticks.Seconds(LastRunTime);

    public string? LastOutcome => LastResultNumber is { } number ? ((JobRunResult)number).ToString().ToLowerInvariant() : null;

    /// <summary>How many retries its trigger's own policy allows; null: none of its own.</summary>
    public int? RetryLimit => Quartz.RetryPolicy.TryParse(RetryPolicy, out var policy) ? policy.MaxAttempts : null;

    public IReadOnlyList<JobTrigger> Triggers => TriggersJson is null ? [] :
    [
        .. JsonSerializer.Deserialize<JsonElement>(TriggersJson).EnumerateArray().Select(t => new JobTrigger(
            t.GetProperty("key").GetString()!, t.GetProperty("state").GetString()!, t.GetProperty("cron").GetString(),
            Ticks.Time(Number(t, "next")), Ticks.Time(Number(t, "previous")), t.GetProperty("description").GetString())),
    ];

    [JsonIgnore] public long? RunningSinceTicks { get; init; }
    [JsonIgnore] public long? NextTicks { get; init; }
    [JsonIgnore] public long? LastTicks { get; init; }
    [JsonIgnore] public long? LastRunTime { get; init; }
    [JsonIgnore] public int? LastResultNumber { get; init; }
    [JsonIgnore] public string? RetryPolicy { get; init; }
    [JsonIgnore] public string? TriggersJson { get; init; }

    static long? Number(JsonElement trigger, string name) => trigger.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
}

/// <param name="State">One of <see cref="States"/>; null: all.</param>
/// <param name="Search">A piece of its key, description, class, node or last error, in any case.</param>
/// <param name="After">The key of the last row of the page before.</param>
public sealed record JobFilter(string? State = null, string? Search = null, string? After = null, int Limit = 50)
{
    public static readonly string[] States = ["running", "retrying", "failed", "scheduled", "paused", "idle"];
}

/// <summary>How Quartz keeps time: in parts of 100 ns, since the year 1 or as a length.</summary>
static class Ticks
{
    public static DateTimeOffset? Time(long? ticks) => ticks is { } given ? new(given, TimeSpan.Zero) : null;

    public static double? Seconds(long? ticks) => ticks is { } given ? Math.Round(TimeSpan.FromTicks(given).TotalSeconds, 3) : null;
}
