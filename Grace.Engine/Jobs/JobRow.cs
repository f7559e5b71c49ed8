using System.Text.Json.Serialization;

namespace Grace.Engine.Jobs;

/// <summary>A job of Hangfire's as people see it.</summary>
public sealed record JobRow
{
    [JsonIgnore] public long Id { get; init; }

    /// <summary>Hangfire's number; /hangfire/jobs/details/KEY tells all of it.</summary>
    public string Key => Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>One of <see cref="JobFilter.States"/>.</summary>
    public required string State { get; init; }

    /// <summary>Class and method that run.</summary>
    public required string Type { get; init; }
    public string? Method { get; init; }

    /// <summary>Of which pipeline it is a stretch; null for any other job.</summary>
    public string? PipelineId { get; init; }
    public string? Task { get; init; }
    public string? Phase { get; init; }

    /// <summary>Where it runs, or ran last.</summary>
    public string? Node { get; init; }

    /// <summary>Why it is in its state.</summary>
    public string? Reason { get; init; }
    public string? Error { get; init; }

    /// <summary>What a job that ended says about itself.</summary>
    public string? Result { get; init; }

    /// <summary>It failed before and was tried again.</summary>
    public bool Retried { get; init; }
    public required DateTime CreatedAt { get; init; }

    /// <summary>Since when it is in its state.</summary>
    public DateTime? Since { get; init; }
}

/// <param name="State">One of <see cref="States"/>; null: all.</param>
/// <param name="Search">A piece of its key, pipeline, task, class, node, result or last error, in any case.</param>
/// <param name="After">The key of the last row of the page before.</param>
public sealed record JobFilter(string? State = null, string? Search = null, string? After = null, int Limit = 50)
{
    public static readonly string[] States = ["running", "waiting", "scheduled", "failed", "succeeded", "deleted"];

    internal string? Statename => State switch
    {
        "running" => "Processing",
        "waiting" => "Enqueued",
        null => null,
        var other => char.ToUpperInvariant(other[0]) + other[1..],
    };
}
