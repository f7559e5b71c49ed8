using System.Globalization;
using System.Text;
using Grace.Engine.Access;
using Grace.Engine.Pipelines;
using Grace.Web.Access;
using Grace.Web.Live;

namespace Grace.Web.Api;

/// <summary>The list of pipelines as CSV (RFC 4180, UTF-8, times in UTC), with the filters of the page, however long it is: read and written page by page.</summary>
static class PipelineCsv
{
    const int Page = 500;
    const string Head = "pipeline_id,task,status,current_phase,phases,requested_by,repository,artifacts,created_at,started_at,ended_at,seconds,error";

    public static void MapPipelineCsv(this RouteGroupBuilder api) =>
        api.MapGet("/pipelines.csv", Download).Needs(Right.Read).WithSummary("Pipelines as CSV, newest first: ?q, status (one or more, with commas), phase, by, from (1h, 24h, 7d, 30d or a date)").ProducesProblem(422);

    /// <summary>Where the list that a page shows is downloaded.</summary>
    public static string Address(PipelineView view) => "/api/agent-pipeline/pipelines.csv" + QueryString.Create(new Dictionary<string, string?>
    {
        ["q"] = view.Search, ["status"] = view.Statuses.Count == 0 ? null : string.Join(',', view.Statuses), ["phase"] = view.Phase, ["by"] = view.By, ["from"] = view.From,
    }.Where(given => given.Value is not null)).ToUriComponent();

    static IResult Download(PipelineQueries queries, TimeProvider clock, string? q, string? status, string? phase, string? by, string? from)
    {
        var statuses = status?.Split(',');
        var view = PipelineView.Read(q, statuses, phase, by, from);
        List<FieldError> errors = [];
        if (statuses?.FirstOrDefault(s => !PipelineView.AllStatuses.Contains(s)) is { } unknown)
            errors.Add(new("status", $"'{unknown}' is no status; allowed are {string.Join(", ", PipelineView.AllStatuses)}."));
        Query.Phase(phase, errors);
        if (!string.IsNullOrEmpty(from) && view.From is null)
            errors.Add(new("from", $"'{from}' is no age; allowed are {string.Join(", ", PipelineView.Ages.Select(a => a.Value))}, or a date such as 2026-01-31."));
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        var filter = view.Filter(clock.GetUtcNow()) with { Limit = Page };
        return Results.Stream(body => WriteAsync(queries, filter, body), "text/csv; charset=utf-8", "pipelines.csv");
    }

    static async Task WriteAsync(PipelineQueries queries, PipelineFilter filter, Stream body)
    {
        await using var writer = new StreamWriter(body, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(Head);
        for (List<PipelineSummary> rows; (rows = await queries.RowsAsync(filter)).Count > 0; filter = filter with { After = rows[^1].Number })
        {
            foreach (var row in rows)
                await writer.WriteLineAsync(Line(row));
            await writer.FlushAsync();
        }
    }

    internal static string Line(PipelineSummary p) => string.Join(',', new[]
    {
        p.PipelineId, p.Task, p.Status, p.CurrentPhase, string.Join(' ', p.Phases), p.RequestedBy, p.Repository, p.Artifacts.ToString(CultureInfo.InvariantCulture),
        Time(p.CreatedAt), Time(p.StartedAt), Time(p.EndedAt),
        p is { StartedAt: { } began, EndedAt: { } ended } ? (ended - began).TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) : "", p.Error,
    }.Select(Cell));

    static string Time(DateTime? at) => at is { } time ? DateTime.SpecifyKind(time, DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) : "";

    /// <summary>A spreadsheet takes what begins with one of these for a formula; with a quote before it, it is text.</summary>
    static string Cell(string? text)
    {
        var safe = text is { Length: > 0 } && "=+-@\t\r".Contains(text[0]) ? $"'{text}" : text ?? "";
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
