using System.Globalization;

namespace Grace.Web.Live;

/// <summary>One thing drawn, or several that lie too close to be told apart.</summary>
/// <param name="Left">In percent of the width, as <paramref name="Width"/>.</param>
/// <param name="Look">Kind and outcome, as the stylesheet knows them.</param>
/// <param name="Label">Drawn in it or beside it; of a mark, who did it.</param>
/// <param name="Text">All of it in a sentence.</param>
/// <param name="Count">How many are drawn as this one.</param>
/// <param name="Version">The event that it began with.</param>
public sealed record StoryItem(double Left, double Width, string Look, string Label, string Text, int Count, DateTimeOffset From, DateTimeOffset Until, long Version);

public sealed record StoryRow(string Name, IReadOnlyList<StoryItem> Bars, IReadOnlyList<StoryItem> Marks);

/// <summary>What is drawn of a story in a stretch of time; never more than the width can show, however much there is. Pure.</summary>
/// <param name="Folded">How many things are drawn together with others.</param>
public sealed record StoryPicture(StoryScale Scale, IReadOnlyList<StoryRow> Rows, int Folded)
{
    // In percent of the width: a bar narrower than this cannot be hit, marks nearer than that cover one another.
    const double Narrow = .8;
    const double Near = 2.6;
    static readonly string[] WorstFirst = ["failed", "rejected", "interrupted", "running", "applied", "succeeded", "approved", "completed", "ended"];

    public static StoryPicture Of(Story story, DateTimeOffset from, DateTimeOffset until, DateTimeOffset now)
    {
        var scale = StoryScale.Of(story, from, until, now);
        List<StoryRow> rows = [.. story.Lanes.Select(lane => new StoryRow(
            lane.Name,
            Together(lane.Spans.Where(s => (s.Until ?? now) >= scale.From && s.From <= scale.Until).Select(s => Bar(lane, s, scale, now)), Narrow),
            Together(lane.Marks.Where(m => m.At >= scale.From && m.At <= scale.Until).Select(m => Mark(m, scale)), Near)))];
        return new(scale, rows, rows.SelectMany(r => r.Bars.Concat(r.Marks)).Where(i => i.Count > 1).Sum(i => i.Count));
    }

    public static string Exact(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>As two units: 2 d 4 h, 12 min 5 s.</summary>
    public static string Lasted(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => $"{Math.Max(0, time.TotalSeconds).ToString(time.TotalSeconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture)} s",
        { TotalHours: < 1 } => $"{time.Minutes} min{(time.Seconds > 0 ? $" {time.Seconds} s" : "")}",
        { TotalDays: < 1 } => $"{time.Hours} h{(time.Minutes > 0 ? $" {time.Minutes} min" : "")}",
        _ => $"{(int)time.TotalDays} d{(time.Hours > 0 ? $" {time.Hours} h" : "")}",
    };

    public static string Called(StorySpan span) => span.Kind switch
    {
        StoryKind.Queue => "Waiting for a slot",
        StoryKind.Pause => "Paused",
        StoryKind.Attempt => $"Attempt {span.Number} {span.Outcome}",
        StoryKind.Recovery => $"Recovery {span.Number} {span.Outcome}",
        StoryKind.Wait => $"Waiting for a person{(span.Outcome is "approved" or "rejected" ? $": {span.Outcome}" : "")}",
        _ => throw new NotSupportedException($"StoryPicture does not know {span.Kind}."),
    };

    static StoryItem Bar(StoryLane lane, StorySpan span, StoryScale scale, DateTimeOffset now)
    {
        var (left, right, lasted) = (scale.At(span.From), scale.At(span.Until ?? now), Lasted((span.Until ?? now) - span.From));
        var times = span.Until is { } end ? $"{Exact(span.From)} to {Exact(end)} UTC, {lasted}" : $"since {Exact(span.From)} UTC, {lasted} so far";
        var label = span.Kind switch { StoryKind.Attempt => $"{span.Number}", StoryKind.Recovery => $"R{span.Number}", _ => "" };
        return new(
            left, right - left, $"{span.Kind.ToString().ToLowerInvariant()} {span.Outcome}", label.Length == 0 ? lasted : $"{label} · {lasted}",
            $"{lane.Name}: {Called(span)}{(span.By is null ? "" : $" by {span.By}")}, {times}{(string.IsNullOrWhiteSpace(span.Why) ? "" : $". {span.Why}")}", 1, span.From, span.Until ?? now, span.Version);
    }

    static StoryItem Mark(StoryMark mark, StoryScale scale) => new(
        scale.At(mark.At), 0, mark.Kind, mark.By ?? "", $"{(mark.By is null ? "" : $"{mark.By} ")}{mark.Text}, {Exact(mark.At)} UTC", 1, mark.At, mark.At, mark.Version);

    /// <summary>Things so near to the first of them that they cannot be told apart become one that says what it holds.</summary>
    static List<StoryItem> Together(IEnumerable<StoryItem> items, double near)
    {
        List<List<StoryItem>> groups = [];
        foreach (var item in items)
        {
            if (groups.Count > 0 && item.Width < near && groups[^1][0].Width < near && item.Left - groups[^1][0].Left < near)
                groups[^1].Add(item);
            else
                groups.Add([item]);
        }
        return [.. groups.Select(g => g.Count == 1 ? g[0] : Group(g, near == Near))];
    }

    static StoryItem Group(List<StoryItem> items, bool isMark)
    {
        var (first, last) = (items[0], items[^1]);
        var looks = items.GroupBy(i => i.Look).OrderByDescending(g => g.Count()).ToList();
        var worst = looks.Select(g => g.Key).MinBy(look => Array.FindIndex(WorstFirst, w => look.EndsWith(w, StringComparison.Ordinal)) is >= 0 and var n ? n : WorstFirst.Length);
        return new(
            first.Left, last.Left + last.Width - first.Left, $"{worst} group", isMark ? string.Join(", ", items.Select(i => i.Label).Where(who => who.Length > 0).Distinct().Take(3)) : $"{items.Count}",
            $"{items.Count} close together, {Exact(first.From)} to {Exact(last.Until)} UTC: {string.Join(", ", looks.Select(g => $"{g.Count()} {g.Key}"))}. Zoom in to see each.", items.Count, first.From, last.Until, first.Version);
    }
}
