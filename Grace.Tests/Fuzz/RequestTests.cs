using System.Text;
using Grace.Engine.Design;
using Grace.Engine.Guardian;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Grace.Engine.Webhooks;
using Grace.Web.Api;
using Microsoft.AspNetCore.Http;

namespace Grace.Tests.Fuzz;

/// <summary>What callers send, read as the server reads it: it is a value, or refused as theirs.</summary>
public class RequestTests
{
    static readonly Type[] Refusals = [typeof(Malformed), typeof(SubmissionRefused), typeof(TaskRefusedException)];

    static readonly Vocabulary Known = new(
        new Dictionary<string, IReadOnlyList<string>> { ["csharp"] = ["aspnetcore"], ["python"] = [] }, ["local"], () => new Dictionary<string, Phase?>());

    [Fact]
    public void Webhooks() => Bodies(20, body => WebhookRules.Check(WebhookEndpoints.Read(body), false).ToList(),
        """{"url": "https://example.org/a?b=c#d", "types": ["agent.*", "agent.phase.completed"], "pipeline_id": "p", "description": "d", "after": 12}""", """{"url": "http://[::1]:80/x"}""", """{"url": "http://u:p@10.0.0.1"}""");

    [Fact]
    public void Submissions() => Bodies(21, body =>
    {
        var (wanted, errors) = PlannedSubmission.Of(SubmissionBody.Read(body, planned: true));
        if (errors.Count == 0 && SubmissionRules.Check(wanted, Known) is { Errors.Count: 0, Phases: var phases })
            SubmissionChecks.Question(wanted, phases);
    },
        """{"task": "Build a note service: Note(text: text)", "context": {"language": "python", "approvals": ["design"], "limits": {"attempts": 3}, "resources": "A(b: string)"}, "phases": ["research", "design"], "repository": "/r"}""",
        """{"task": "Write a compiler", "plan": {"task": "Write a compiler", "phases": ["research"], "open_questions": ["a"], "risks": [{"severity": "low", "risk": "r"}], "acceptance_criteria": [{"text": "t"}]}}""");

    [Fact]
    public void Guardian_requests() => Bodies(22, body => GuardianPolicy.Read(MessageBus.ReadRequest(body, null), "ada", Known),
        """{"pipeline_id": "p", "action": "override", "reason": "r", "override": {"skip_tests": true, "approvals": ["test"], "lint": "off"}, "expected_version": 3}""", """{"pipeline_id": "p", "action": "retry", "phase": "test"}""");

    [Fact]
    public void Queries() => Reading.Survives(23, text =>
    {
        List<FieldError> errors = [];
        Query.Number(text, "n", 0, 10, errors);
        Query.Time(text, "t", errors);
        Query.Phase(text, errors);
    }, [], "12", "2026-01-31T12:00:00.123+02:00", "research");

    static void Bodies(int seed, Action<Fields> read, params string[] seeds) => Reading.Survives(seed, text =>
    {
        var request = new DefaultHttpContext().Request;
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        read(JsonBody.ReadAsync(request, CancellationToken.None).GetAwaiter().GetResult());
    }, Refusals, seeds);
}
