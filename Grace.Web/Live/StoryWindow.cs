namespace Grace.Web.Live;

/// <summary>The stretch of a story that is looked at. Steps are as wide as they look, so that a break costs no more than it takes. Pure.</summary>
/// <param name="Until">Null: up to now, however far that gets.</param>
public sealed record StoryWindow(DateTimeOffset From, DateTimeOffset? Until)
{
    /// <summary>Null for all of it: what is seen is larger or smaller by this factor.</summary>
    public static StoryWindow? Zoom(Story story, StoryWindow? seen, DateTimeOffset now, double factor)
    {
        var (scale, left, right) = Place(story, seen, now);
        var width = (right - left) * factor;
        if (width >= 99.5)
            return null;
        // What goes on stays in sight at the right.
        if (story.Ended is null && seen?.Until is null)
            return new(scale.TimeAt(Math.Max(0, right - width)), null);
        var from = Math.Clamp((left + right - width) / 2, 0, 100 - width);
        return new(scale.TimeAt(from), scale.TimeAt(from + width));
    }

    /// <summary>Half of what is seen to the left (-1) or to the right (1).</summary>
    public static StoryWindow? Move(Story story, StoryWindow? seen, DateTimeOffset now, int way)
    {
        if (seen is null)
            return null;
        var (scale, left, right) = Place(story, seen, now);
        var width = right - left;
        var from = Math.Clamp(left + way * width / 2, 0, 100 - width);
        return new(scale.TimeAt(from), from + width >= 100 && story.Ended is null ? null : scale.TimeAt(from + width));
    }

    /// <summary>A stretch with a little room around it.</summary>
    public static StoryWindow Around(DateTimeOffset from, DateTimeOffset? until, DateTimeOffset now)
    {
        var room = TimeSpan.FromSeconds(Math.Max(.05, ((until ?? now) - from).TotalSeconds * .05));
        return new(from - room, until + room);
    }

    public static DateTimeOffset End(Story story, DateTimeOffset now) => story.Ended ?? now;

    static (StoryScale Scale, double Left, double Right) Place(Story story, StoryWindow? seen, DateTimeOffset now)
    {
        var end = End(story, now);
        var scale = StoryScale.Of(story, story.Began, end, now);
        return (scale, seen is null ? 0 : scale.At(seen.From), scale.At(seen?.Until ?? end));
    }
}
