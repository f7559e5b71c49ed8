using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Grace.Web.Bench;

/// <summary>Sends pipelines and Guardian commands to whichever node answers, and remembers what was accepted.</summary>
sealed class ChaosLoad(IReadOnlyList<ChaosNode> nodes, Random chance)
{
    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    public List<string> Accepted { get; } = [];
    public List<string> AcceptedCommands { get; } = [];
    public int Unavailable { get; private set; }
    public List<string> Faults { get; } = [];

    /// <summary>The same key with every try: a lost answer must not make two.</summary>
    public async Task SubmitAsync(string task, string[] phases, string language, bool interrupted, CancellationToken cancel)
    {
        var key = Guid.NewGuid().ToString();
        var body = new JsonObject { ["task"] = task, ["phases"] = new JsonArray([.. phases.Select(p => (JsonNode)p)]), ["context"] = new JsonObject { ["language"] = language } };
        var answer = await SendAsync("execute", body, key, cancel);
        if (answer?["pipeline_id"]?.ToString() is not { } id)
        {
            Faults.Add($"A submission was refused: {answer?.ToJsonString()}");
            return;
        }
        Accepted.Add(id);
        if (!interrupted)
            return;
        foreach (var action in new[] { "pause", "resume" })
        {
            var reason = $"chaos {action} {key}";
            var done = await SendAsync("guardian/control", new() { ["pipeline_id"] = id, ["action"] = action, ["reason"] = reason }, null, cancel);
            if (done?["in_effect"] is not null)
                AcceptedCommands.Add(reason);
        }
    }

    /// <summary>Until it is answered; a problem's body is an answer too, but for 503 and what a dying node says.</summary>
    async Task<JsonObject?> SendAsync(string path, JsonObject body, string? key, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                if (nodes.Where(n => n.Ready).ToList() is { Count: > 0 } ready && ready[chance.Next(ready.Count)].Http is { } http)
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/agent-pipeline/{path}") { Content = JsonContent.Create(body) };
                    if (key is not null)
                        request.Headers.Add("Idempotency-Key", key);
                    using var answer = await http.SendAsync(request, cancel);
                    if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable)
                    {
                        if (answer.StatusCode is HttpStatusCode.InternalServerError)
                            Faults.Add($"{path} answered 500: {await answer.Content.ReadAsStringAsync(cancel)}");
                        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel)) as JsonObject;
                    }
                    Unavailable++;
                }
            }
            catch (Exception e) when (e is HttpRequestException or ObjectDisposedException or IOException or InvalidOperationException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                // The node is gone or frozen; another one is asked.
            }
            await Task.Delay(Between, cancel);
        }
    }
}
