using Grace.Engine.Artifacts;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;

namespace Grace.Web.Live;

/// <summary>Something that the command palette offers.</summary>
/// <param name="Kind">What it is: a page, a pipeline, an artifact, a playbook.</param>
/// <param name="Href">Where choosing it leads.</param>
sealed record Hit(string Kind, string Text, string? Detail, string Href);

/// <summary>Finds pages, pipelines, artifacts and playbooks by words or by their ids: a few of each, the newest or best first.</summary>
sealed class Finder(PipelineQueries pipelines, ArtifactQueries artifacts, PlaybookRegistry playbooks)
{
    const int MostOfAKind = 5;

    public static IReadOnlyList<Hit> Pages { get; } =
    [
        new("page", "Mission control", "g m", "/"), new("page", "Pipelines", "g p", "/pipelines"), new("page", "New pipeline", "g n", "/new"),
        new("page", "Guardian's inbox", "g i", "/guardian"), new("page", "Playbooks", "g b", "/playbooks"), new("page", "New playbook", null, "/playbooks/new"),
        new("page", "Learning", "g e", "/learning"), new("page", "Jobs", "g j", "/jobs"), new("page", "History of jobs", null, "/jobs/history"),
        new("page", "Log: events, and verify", "g l", "/log"), new("page", "Webhooks", "g w", "/webhooks"), new("page", "Access: people and keys", "g a", "/access"),
    ];

    /// <param name="text">Nothing: the pages.</param>
    /// <exception cref="Npgsql.NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<Hit>> FindAsync(string? text, CancellationToken cancel)
    {
        var asked = text?.Trim() ?? "";
        if (asked.Length == 0)
            return Pages;
        var runs = await pipelines.RowsAsync(new(Search: asked, Limit: MostOfAKind), cancel);
        var made = await artifacts.ListAsync(new(Search: asked, Limit: MostOfAKind), cancel);
        return
        [
            .. Pages.Where(p => Has(p.Text, asked)),
            .. runs.Select(p => new Hit("pipeline", p.Task, $"{p.Status.Replace('_', ' ')} · {p.PipelineId}", $"/pipelines/{p.PipelineId}")),
            .. playbooks.Now.InForce.All.Where(p => Has(p.Id, asked) || Has(p.Description, asked)).OrderBy(p => p.Id, StringComparer.Ordinal).Take(MostOfAKind)
                .Select(p => new Hit("playbook", p.Id, p.Description, $"/playbooks/{p.Id}")),
            .. made.Artifacts.Select(a => new Hit("artifact", a.ArtifactType, $"{a.Phase}, attempt {a.Attempt} · {a.PipelineId}", $"/pipelines/{a.PipelineId}?artifact={a.ArtifactId}")),
            new Hit("new", $"New pipeline: {asked}", null, $"/new?task={Uri.EscapeDataString(asked)}"),
        ];
    }

    static bool Has(string text, string asked) => text.Contains(asked, StringComparison.OrdinalIgnoreCase);
}
