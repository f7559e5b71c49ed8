using Grace.Engine.Guardian;

namespace Grace.Web.Live;

/// <summary>What of the inbox somebody looks at, as the address says it. Pure.</summary>
/// <param name="Kind">approval, escalation or pause; null: all of them.</param>
/// <param name="Search">Words of the task, the reason or who asked; null: any.</param>
public sealed record InboxView(string? Kind, string? Search)
{
    public static readonly IReadOnlyList<string> Kinds = ["approval", "escalation", "pause"];

    /// <summary>A kind that there is not is none.</summary>
    public static InboxView Read(string? kind, string? search) =>
        new(Kinds.FirstOrDefault(k => k == kind), string.IsNullOrWhiteSpace(search) ? null : search.Trim());

    public bool IsNarrowed => Kind is not null || Search is not null;

    public IReadOnlyDictionary<string, object?> Address => new Dictionary<string, object?> { ["kind"] = Kind, ["q"] = Search };

    public bool Shows(Waiting waiting) =>
        (Kind is null || KindOf(waiting) == Kind)
        && (Search is null || Search.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => Has(waiting, word)));

    public static string KindOf(Waiting waiting) => waiting.Item["kind"]?.ToString() ?? "";

    /// <summary>The approval that it waits for; null: it waits for something else.</summary>
    public static string? ApprovalOf(Waiting waiting) => waiting.Item["approval_id"]?.ToString();

    static bool Has(Waiting w, string word) => new[] { w.Task, w.PipelineId, w.RequestedBy, w.Item["reason"]?.ToString() ?? "", w.Item["phase"]?.ToString() ?? "" }
        .Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
