using System.Net;
using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;
using Grace.Web.Api;

namespace Grace.Tests.Web;

public class PipelineCsvTests(RunningServer running) : IClassFixture<RunningServer>
{
    static PipelineSummary Row(string task, string? error = null) => new()
    {
        PipelineId = "pipeline_1", Task = task, Status = "failed", Phases = ["research", "test"], PhaseStatuses = ["completed", "failed"], RequestedBy = "ada", Version = 9, Artifacts = 2,
        CreatedAt = new(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc), UpdatedAt = new(2026, 1, 31, 12, 1, 0, DateTimeKind.Utc),
        StartedAt = new(2026, 1, 31, 12, 0, 1, DateTimeKind.Utc), EndedAt = new(2026, 1, 31, 12, 0, 3, 500, DateTimeKind.Utc), Error = error,
    };

    [Theory]
    [InlineData("Build it", "Build it")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("=HYPERLINK(1)", "'=HYPERLINK(1)")]
    [InlineData("@sum,1", "\"'@sum,1\"")]
    public void A_cell_holds_any_text_and_is_no_formula(string task, string cell) =>
        PipelineCsv.Line(Row(task)).ShouldBe($"pipeline_1,{cell},failed,,research test,ada,,2,2026-01-31T12:00:00.000Z,2026-01-31T12:00:01.000Z,2026-01-31T12:00:03.500Z,2.5,");

    [Fact]
    public async Task The_list_is_downloaded_with_the_filters_of_the_page_and_a_wrong_one_is_refused_by_name()
    {
        var answer = await running.Server.PostAsync("execute", new JsonObject { ["task"] = "Build a shelf: Book(title: string)", ["phases"] = new JsonArray("research") });
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var found = await running.Server.Http.GetAsync("/api/agent-pipeline/pipelines.csv?q=shelf");
        found.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8");
        var lines = (await found.Content.ReadAsStringAsync()).Split("\r\n");
        lines[0].ShouldStartWith("pipeline_id,task,status,");
        lines[1].ShouldContain(",Build a shelf: Book(title: string),");
        lines.Length.ShouldBe(3);
        (await running.Server.Http.GetStringAsync("/api/agent-pipeline/pipelines.csv?q=shelf&status=cancelled,paused")).Split("\r\n").Length.ShouldBe(2);
        foreach (var (query, field) in new[] { ("status=no", "status"), ("from=yesterday", "from"), ("phase=paint", "phase"), ("color=1", "color") })
        {
            var refused = await running.Server.Http.GetAsync($"/api/agent-pipeline/pipelines.csv?{query}");
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, query);
            (await refused.Content.ReadAsStringAsync()).ShouldContain($"\"{field}\"");
        }
    }
}
