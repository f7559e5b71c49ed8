namespace Grace.Engine.Design;

/// <summary>
/// The task declares something that cannot be built. The message is for whoever wrote the task: it names the
/// place, the value and what is allowed.
/// </summary>
public sealed class TaskRefusedException : Exception
{
    public TaskRefusedException(string place, string value, string problem, string? allowed = null)
        : base($"{place}: '{value}' {problem}{(allowed is null ? "." : $". Allowed: {allowed}.")}")
    {
        Place = place;
        Value = value;
        Allowed = allowed;
    }

    /// <summary>Where in the task, e.g. <c>Bookmark.url</c>.</summary>
    public string Place { get; }

    public string Value { get; }

    public string? Allowed { get; }
}
