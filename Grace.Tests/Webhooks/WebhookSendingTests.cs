using System.Text;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Webhooks;
using Grace.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Grace.Tests.Webhooks;

public class WebhookSendingTests
{
    const string Completed = "agent.pipeline.completed";

    [Fact]
    public async Task Events_come_signed_in_the_log_s_order_each_once()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var grace = await StartAsync();
        var (hook, secret) = await RegisterAsync(grace, receiver);
        var id = await grace.SubmitAsync(Phase.Research, Phase.Design);
        var got = await receiver.UntilAsync(c => c.Type == Completed);

        var recorded = (await grace.Get<EventLog>().ReadAllAsync(LogPlace.Start, 10_000)).Where(e => e.StreamId == id).ToList();
        got.Where(c => c.Event["pipeline_id"]?.ToString() == id).Select(c => c.Position).ShouldBe(recorded.Select(e => e.Position));
        got.Select(c => c.Id).ShouldBeUnique();
        got.ShouldAllBe(c => c.Signature == secret.Sign(c.Id, c.Timestamp, c.Body));
        got[^1].Event.Select(p => p.Key).ShouldBe(["position", "pipeline_id", "version", "event_type", "severity", "at", "by", "data", "hash"]);
        await UntilAsync(grace, hook.Id, h => h.Cursor >= got[^1].Position && h.Delivered == got.Count);
    }

    [Fact]
    public async Task What_is_not_taken_is_tried_again_after_a_restart_and_holds_up_what_comes_after()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, http) => Receiver.Status(http, 503);
        string connection, hook;
        Call refused;
        await using (var grace = await StartAsync(first: TimeSpan.FromMilliseconds(200)))
        {
            connection = grace.ConnectionString;
            hook = (await RegisterAsync(grace, receiver, "agent.pipeline.*")).Hook.Id;
            await grace.UntilAsync(await grace.SubmitAsync(Phase.Research), PipelineStatus.Completed);
            refused = await receiver.NextAsync();
            await UntilAsync(grace, hook, h => h.Waiting == 1);
            (await receiver.NextAsync()).Id.ShouldBe(refused.Id);
        }
        while (receiver.Waiting > 0)
            (await receiver.NextAsync()).Id.ShouldBe(refused.Id);
        receiver.Answer = (_, http) => Receiver.Status(http, 200);
        await using (var grace = await StartAsync(connection))
        {
            var got = await receiver.UntilAsync(c => c.Type == Completed);
            got.Select(c => c.Type).ShouldBe(["agent.pipeline.submitted", "agent.pipeline.started", Completed]);
            got[0].Id.ShouldBe(refused.Id);
            await UntilAsync(grace, hook, h => h is { Waiting: 0, Delivered: 3 });
        }
    }

    [Fact]
    public async Task After_the_last_try_it_is_dead_the_next_goes_on_and_a_person_can_send_it_again()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (call, http) => Receiver.Status(http, call.Type == "agent.pipeline.submitted" ? 500 : 200);
        await using var grace = await StartAsync(first: TimeSpan.FromMilliseconds(1), attempts: 3);
        var (hook, _) = await RegisterAsync(grace, receiver, "agent.pipeline.*");
        await grace.SubmitAsync(Phase.Research);
        var got = await receiver.UntilAsync(c => c.Type == Completed);
        got.Count(c => c.Type == "agent.pipeline.submitted").ShouldBe(3);
        var dead = (await grace.Get<WebhookBook>().DeliveriesAsync(hook.Id, Delivery.Dead, long.MaxValue, 10)).ShouldHaveSingleItem();
        (dead.Attempts, dead.LastStatus, dead.LastError).ShouldBe((3, 500, "The receiver answered 500."));

        receiver.Answer = (_, http) => Receiver.Status(http, 200);
        await grace.Get<WebhookDesk>().SendAgainAsync(dead.Id, "ada", default);
        (await receiver.NextAsync()).Id.ShouldBe(got[0].Id);
        await UntilAsync(grace, hook.Id, h => h is { Dead: 0, Waiting: 0, Delivered: 3 });
        (await grace.Get<EventLog>().ReadStreamAsync(hook.Id)).Select(e => (e.Type, e.By)).ShouldBe([("webhook.registered", "ada"), ("webhook.sent_again", "ada")]);
    }

    [Fact]
    public async Task A_receiver_that_never_answers_delays_no_other_and_no_pipeline()
    {
        await using var slow = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        var never = new TaskCompletionSource();
        slow.Answer = (_, _) => never.Task;
        await using var grace = await StartAsync();
        await RegisterAsync(grace, slow);
        await RegisterAsync(grace, quick);
        await grace.UntilAsync(await grace.SubmitAsync(), PipelineStatus.Completed);
        await quick.UntilAsync(c => c.Type == Completed);
        (await slow.NextAsync()).Type.ShouldBe("agent.pipeline.submitted");
        slow.Waiting.ShouldBe(0);
        never.SetResult();
    }

    [Fact]
    public async Task Without_an_answer_in_time_it_is_not_taken()
    {
        await using var receiver = await Receiver.StartAsync();
        var never = new TaskCompletionSource();
        receiver.Answer = (_, _) => never.Task;
        await using var grace = await StartAsync(timeout: TimeSpan.FromMilliseconds(100));
        var (hook, _) = await RegisterAsync(grace, receiver);
        await grace.SubmitAsync(Phase.Research);
        await UntilAsync(grace, hook.Id, h => h.Waiting == 1);
        (await grace.Get<WebhookBook>().DeliveriesAsync(hook.Id, null, long.MaxValue, 1))[0].LastError.ShouldBe("There was no answer within 0.1 s.");
        never.SetResult();
    }

    [Fact]
    public async Task One_node_sends_at_a_time_and_another_takes_over_where_it_stopped()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var grace = await StartAsync(worker: false);
        await using var other = await StartAsync(grace.ConnectionString, worker: false);
        using WebhookPost one = Post(grace), two = Post(other);
        await RegisterAsync(grace, receiver, "agent.pipeline.*");
        await one.StartAsync(default);
        await grace.SubmitAsync();
        var first = await receiver.NextAsync();
        await two.StartAsync(default);
        for (var n = 0; n < 20; n++)
            await (n % 2 == 0 ? grace : other).SubmitAsync();
        List<Call> got = [first];
        while (got.Count < 21)
            got.Add(await receiver.NextAsync());
        await one.StopAsync(default);
        await other.SubmitAsync();
        got.Add(await receiver.NextAsync());
        var recorded = (await grace.Get<EventLog>().ReadAllAsync(LogPlace.Start, 10_000)).Where(e => e.Type == "agent.pipeline.submitted");
        got.Select(c => c.Position).ShouldBe(recorded.Select(e => e.Position));
        receiver.Waiting.ShouldBe(0);
        await two.StopAsync(default);
    }

    static WebhookPost Post(TestGrace grace) => ActivatorUtilities.CreateInstance<WebhookPost>(grace.Get<IServiceProvider>());

    [Fact]
    public async Task A_redirect_is_not_followed_and_gone_pauses()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, http) =>
        {
            http.Response.Headers.Location = "/elsewhere";
            return Receiver.Status(http, 307);
        };
        await using var grace = await StartAsync();
        var (hook, _) = await RegisterAsync(grace, receiver);
        (await grace.Get<WebhookDesk>().TestAsync(hook.Id, "ada", default))!.Error!.ShouldContain("redirects are not followed");
        receiver.Answer = (_, http) => Receiver.Status(http, 410);
        await grace.SubmitAsync(Phase.Research);
        await UntilAsync(grace, hook.Id, h => h.PausedBecause?.Contains("410 Gone") == true);

        receiver.Answer = (_, http) => Receiver.Status(http, 200);
        await grace.Get<WebhookDesk>().ResumeAsync(hook.Id, "ada", default);
        (await receiver.UntilAsync(c => c.Type == Completed))[0].Type.ShouldBe("webhook.test");
    }

    [Fact]
    public async Task Only_what_was_asked_for_comes()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var grace = await StartAsync(worker: false);
        var (wanted, other) = (await grace.SubmitAsync(Phase.Research), await grace.SubmitAsync(Phase.Research));
        await RegisterAsync(grace, receiver, ["agent.pipeline.paused", "agent.phase.*"], wanted);
        await grace.Orchestrator.ExecuteAsync(other, new PipelineCommand.Pause("look"), new("ada"));
        await grace.Orchestrator.ExecuteAsync(wanted, new PipelineCommand.Pause("look"), new("ada"));
        await using var worker = await StartAsync(grace.ConnectionString);
        var got = await receiver.NextAsync();
        (got.Type, got.Event["pipeline_id"]!.ToString()).ShouldBe(("agent.pipeline.paused", wanted));
    }

    [Fact]
    public async Task The_secret_is_nowhere_but_where_it_signs()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var grace = await StartAsync();
        var (hook, secret) = await RegisterAsync(grace, receiver);
        var log = string.Concat((await grace.Get<EventLog>().ReadStreamAsync(hook.Id)).Select(e => e.Data));
        log.ShouldContain(hook.Origin);
        log.ShouldNotContain("key=of-the-receiver");
        (log + hook + (await grace.Get<WebhookBook>().FindAsync(hook.Id))).ShouldNotContain(secret.Reveal()["whsec_".Length..]);
        Encoding.UTF8.GetString((await Posted(grace, hook, receiver)).Body).ShouldNotContain("whsec");
    }

    static async Task<Call> Posted(TestGrace grace, Webhook hook, Receiver receiver)
    {
        (await grace.Get<WebhookDesk>().TestAsync(hook.Id, "ada", default))!.Error.ShouldBeNull();
        return await receiver.NextAsync();
    }

    static Task<TestGrace> StartAsync(string? connection = null, bool worker = true, TimeSpan? first = null, int attempts = 8, TimeSpan? timeout = null) =>
        TestGrace.StartAsync(connection, worker: worker, prepare: (options, _) => options.Webhooks = new()
        {
            AllowPrivate = true, FirstRetry = first ?? TimeSpan.FromMilliseconds(50), Attempts = attempts, Timeout = timeout ?? TimeSpan.FromSeconds(30),
        });

    static Task<(Webhook Hook, WebhookSecret Secret)> RegisterAsync(TestGrace grace, Receiver receiver, params string[] types) => RegisterAsync(grace, receiver, types, null);

    static Task<(Webhook Hook, WebhookSecret Secret)> RegisterAsync(TestGrace grace, Receiver receiver, string[] types, string? pipeline) =>
        grace.Get<WebhookDesk>().RegisterAsync(new(receiver.Url, types, pipeline, null, null), "ada", default);

    /// <summary>Waits for the bell that pages wait for.</summary>
    static async Task UntilAsync(TestGrace grace, string id, Func<Webhook, bool> reached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var rung = new SemaphoreSlim(0);
        void Ring() => rung.Release();
        grace.Get<WebhookBell>().Rung += Ring;
        try
        {
            while (!reached((await grace.Get<WebhookBook>().FindAsync(id, patience.Token))!))
                await rung.WaitAsync(patience.Token);
        }
        finally
        {
            grace.Get<WebhookBell>().Rung -= Ring;
        }
    }
}
