using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Grace.Engine.Hosting;

namespace Grace.Web.Bench;

/// <summary>
/// What pages cost: the first page with many pipelines beside an almost empty database, and many dashboards open at once;
/// each beside a bare page of the same framework in the same run. Measured over real HTTP and real circuits, without a browser.
/// </summary>
sealed class PagesBench(int pipelines, int pages, string ownerConnection, DataFolder data, Action<string> say)
{
    const int Opens = 15;
    const int Warming = 15;
    const int Pokes = 40;
    const string Ended = "Recent";

    /// <summary>Each page with a text that is on it only when its data is there.</summary>
    static readonly (string Path, Func<int, string> Shows)[] Pages =
        [("/", n => $"Build service number {n}:"), ("/pipelines", n => $"Build service number {n}:"), ($"/pipelines/{PageSeed.First}", _ => "agent.pipeline.started")];

    /// <summary>Whether the aims were met.</summary>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        say($"pages: {pipelines} pipelines, {pages} open dashboards; {Environment.ProcessorCount} cores. From the request for the page until its circuit has sent the rows; a browser's layout and painting are not in it.");
        var run = Guid.NewGuid().ToString("N")[..8];
        var (small, large) = ($"grace_pages_{run}_1", $"grace_pages_{run}_{pipelines}");
        try
        {
            await using var empty = await ServeAsync(await PageSeed.CreateAsync(ownerConnection, small, 1), small);
            await using var full = await ServeAsync(await PageSeed.CreateAsync(ownerConnection, large, pipelines), large);
            await using var bare = await PageServer.StartAsync(["bench", "bare"], [], null);
            var fast = await FirstPagesAsync(empty, full, bare, cancel);
            await ManyAsync("bare page", bare, "/", "Bare page", word => bare.Http.PostAsync($"/poke/{word}", null, cancel), cancel);
            await ManyAsync("mission control", full, "/", Ended, word => full.Http.PostAsJsonAsync("/api/agent-pipeline/execute", new JsonObject
            {
                ["task"] = $"{word}: Note(text: text)", ["phases"] = new JsonArray("research"),
            }, cancel), cancel);
            return fast;
        }
        finally
        {
            await PageSeed.DropAsync(ownerConnection, small);
            await PageSeed.DropAsync(ownerConnection, large);
        }
    }

    Task<PageServer> ServeAsync(string database, string name)
    {
        var key = Guid.NewGuid().ToString("N");
        return PageServer.StartAsync(
            ["serve", "--urls", "http://127.0.0.1:0", "--data", Path.Combine(data.Root, "pages", name), "--roles", "web"],
            new() { ["Grace__Database"] = database, ["Grace__Access__ApiKey"] = key }, key);
    }

    async Task<bool> FirstPagesAsync(PageServer empty, PageServer full, PageServer bare, CancellationToken cancel)
    {
        var bareTime = await MedianAsync(Enumerable.Repeat(() => OpenAsync(bare, "/", "Bare page", cancel), Opens));
        say($"first page, median of {Opens}: bare page {bareTime.TotalMilliseconds:0} ms");
        var met = true;
        foreach (var (path, shows) in Pages)
        {
            // By turns, so that a machine that slows down slows both.
            List<TimeSpan> one = [], many = [];
            for (var n = 0; n < Opens + 3; n++)
            {
                one.Add(await OpenAsync(empty, path, shows(1), cancel));
                many.Add(await OpenAsync(full, path, shows(pipelines), cancel));
            }
            var (few, all) = (Median(one.Skip(3)), Median(many.Skip(3)));
            met &= all / few <= 1.5;
            say($"  {path}: {all.TotalMilliseconds:0} ms with {pipelines} pipelines, {few.TotalMilliseconds:0} ms with one: {all / few:0.00} times (aim: at most 1.5); {all / bareTime:0.0} times the bare page");
        }
        return met;
    }

    async Task ManyAsync(string name, PageServer server, string path, string shows, Func<string, Task<HttpResponseMessage>> change, CancellationToken cancel)
    {
        var before = server.Memory;
        ConcurrentBag<Circuit> open = [];
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, pages), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancel },
                async (_, stop) => open.Add(await Circuit.OpenAsync(server.Http, path, server.Key, Encoding.UTF8.GetBytes(shows), stop)));
            var memory = server.Memory - before;
            ConcurrentBag<TimeSpan> lags = [];
            var idle = TimeSpan.Zero;
            for (var n = -Warming; n < Pokes; n++)
            {
                if (n == 0)
                {
                    // Until here the runtime compiled what it had not run before.
                    lags.Clear();
                    idle = server.ProcessorTime;
                }
                var word = $"seen-{n}-{Guid.NewGuid():N}"[..24];
                var began = Stopwatch.GetTimestamp();
                var seen = open.Select(async page =>
                {
                    await page.Awaits(Encoding.UTF8.GetBytes(word)).WaitAsync(TimeSpan.FromSeconds(60), cancel);
                    lags.Add(Stopwatch.GetElapsedTime(began));
                }).ToList();
                using var answer = (await change(word)).EnsureSuccessStatusCode();
                await Task.WhenAll(seen);
                if (server.Key is not null)
                    await CancelAsync(server, (await answer.Content.ReadFromJsonAsync<JsonObject>(cancel))!["pipeline_id"]!.ToString(), cancel);
            }
            var cost = (server.ProcessorTime - idle) / (pages * Pokes);
            var sorted = lags.Order().ToList();
            say($"{pages} open, {name}: {memory / 1024.0 / pages:0} KB a page ({server.Memory >> 20} MB in all), from the request that changes it to the redraw on every page p50 {sorted[sorted.Count / 2].TotalMilliseconds:0} ms, p99 {sorted[sorted.Count * 99 / 100].TotalMilliseconds:0} ms, {cost.TotalMilliseconds:0.00} ms of the server's processor a page and change");
        }
        finally
        {
            foreach (var page in open)
                await page.DisposeAsync();
        }
    }

    /// <summary>So that the next one is the first of the queue again, which is what mission control shows.</summary>
    static async Task CancelAsync(PageServer server, string id, CancellationToken cancel) => (await server.Http.PostAsJsonAsync(
        "/api/agent-pipeline/guardian/control", new JsonObject { ["pipeline_id"] = id, ["action"] = "cancel", ["reason"] = "measured" }, cancel)).EnsureSuccessStatusCode();

    static async Task<TimeSpan> OpenAsync(PageServer server, string path, string shows, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        await using var page = await Circuit.OpenAsync(server.Http, path, server.Key, Encoding.UTF8.GetBytes(shows), cancel);
        return Stopwatch.GetElapsedTime(began);
    }

    static async Task<TimeSpan> MedianAsync(IEnumerable<Func<Task<TimeSpan>>> measures)
    {
        List<TimeSpan> times = [];
        foreach (var measure in measures)
            times.Add(await measure());
        return Median(times.Skip(3));
    }

    static TimeSpan Median(IEnumerable<TimeSpan> times) => times.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : default;
}
