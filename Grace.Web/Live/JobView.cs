using Grace.Engine.Jobs;

namespace Grace.Web.Live;

/// <summary>What the page of jobs shows, as its address tells it; what the address has wrong is left out.</summary>
/// <param name="After">The key of the last row of the page before.</param>
public sealed record JobView(string? State, string? Search, string? After)
{
    public const int Page = 50;

    public static JobView Read(string? state, string? search, string? after) =>
        new(JobFilter.States.Contains(state) ? state : null, Blank(search), Blank(after));

    public bool IsNarrowed => State is not null || Search is not null;

    public JobFilter Filter => new(State, Search, After, Page);

    public Dictionary<string, object?> Address => new() { ["state"] = State, ["q"] = Search, ["after"] = After };

    internal static string? Blank(string? text) => text?.Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 } given ? given : null;
}

/// <summary>The same for the history.</summary>
/// <param name="Before">The cursor where the page before ended; null: the newest, live.</param>
public sealed record JobHistoryView(string? Outcome, string? Job, string? Search, string? Before)
{
    public static JobHistoryView Read(string? outcome, string? job, string? search, string? before) => new(
        HistoryFilter.Outcomes.Contains(outcome) ? outcome : null, JobView.Blank(job), JobView.Blank(search), HistoryFilter.Place(before) is null ? null : before);

    public bool IsNarrowed => Outcome is not null || Job is not null || Search is not null;

    public HistoryFilter Filter => new(Outcome, Job, Search, Before, JobView.Page);

    public Dictionary<string, object?> Address => new() { ["outcome"] = Outcome, ["job"] = Job, ["q"] = Search, ["before"] = Before };
}
