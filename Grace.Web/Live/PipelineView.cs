using System.Globalization;
using Grace.Engine.Pipelines;

namespace Grace.Web.Live;

/// <summary>What the list of pipelines shows, as its address tells it; what the address has wrong is left out.</summary>
public sealed record PipelineView(string? Search, IReadOnlyList<string> Statuses, string? Phase, string? By, string? From)
{
    public static readonly string[] AllStatuses = [.. Enum.GetValues<PipelineStatus>().Select(s => s.Name())];

    public static readonly (string Value, string Name, TimeSpan Age)[] Ages =
    [
        ("1h", "Last hour", TimeSpan.FromHours(1)), ("24h", "Last 24 hours", TimeSpan.FromDays(1)),
        ("7d", "Last 7 days", TimeSpan.FromDays(7)), ("30d", "Last 30 days", TimeSpan.FromDays(30)),
    ];

    public static PipelineView Read(string? search, string[]? statuses, string? phase, string? by, string? from) => new(
        Blank(search), [.. AllStatuses.Where(s => statuses?.Contains(s) == true)], PhaseOrder.Parse(phase)?.Name(), Blank(by), Date(from) is null && Age(from) is null ? null : from);

    public bool IsNarrowed => Search is not null || Statuses.Count > 0 || Phase is not null || By is not null || From is not null;

    public Dictionary<string, object?> Address => new()
    {
        ["q"] = Search, ["status"] = Statuses.Count == 0 ? null : Statuses.ToArray(), ["phase"] = Phase, ["by"] = By, ["from"] = From,
    };

    public PipelineFilter Filter(DateTimeOffset now) => new(
        Phase: Phase, Search: Search, Statuses: Statuses, RequestedBy: By, From: Age(From) is { } age ? now - age : Date(From));

    public PipelineView Toggle(string status) =>
        this with { Statuses = [.. AllStatuses.Where(s => s == status ? !Statuses.Contains(s) : Statuses.Contains(s))] };

    public bool Same(PipelineView other) => this with { Statuses = [] } == other with { Statuses = [] } && Statuses.SequenceEqual(other.Statuses);

    public static TimeSpan? Age(string? from) => Ages.Where(a => a.Value == from).Select(a => (TimeSpan?)a.Age).FirstOrDefault();

    public static DateTimeOffset? Date(string? from) =>
        DateTimeOffset.TryParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
