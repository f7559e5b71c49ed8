using Microsoft.Playwright;

namespace Grace.Tests.Support;

/// <summary>One installed Chromium for the whole test run, a clean context for each test.</summary>
public static class Browser
{
    private static readonly string[] Programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    // Without a sandbox: these pages are our own, and root and containers cannot have one. No traffic of the browser's own.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--disable-extensions", "--in-process-gpu",
        "--disable-features=SpareRendererForSitePerProcess,Translate,OptimizationHints,MediaRouter,AcceptCHFrame",
    ];

    private static readonly Lazy<Task<Running>> Shared = new(StartAsync);

    private sealed record Running(IPlaywright Playwright, IBrowser Chromium);

    /// <summary>A page in a context of its own; dispose <c>page.Context</c> to close both.</summary>
    public static async Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null)
    {
        var context = await (await Shared.Value).Chromium.NewContextAsync(options);
        return await context.NewPageAsync();
    }

    internal static async ValueTask StopAsync()
    {
        if (Shared.IsValueCreated)
        {
            var (playwright, chromium) = await Shared.Value;
            await chromium.DisposeAsync();
            playwright.Dispose();
        }
    }

    private static async Task<Running> StartAsync()
    {
        // A machine that runs all tests at once is slow; an expectation that holds is not held up by this.
        Assertions.SetDefaultExpectTimeout(30_000);
        var playwright = await Playwright.CreateAsync();
        return new Running(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Find(), Args = Arguments }));
    }

    /// <summary>Playwright's own download is not used: which browser runs is the machine's choice.</summary>
    private static string Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var found = from program in Programs from folder in folders let file = Path.Combine(folder, program) where File.Exists(file) select file;
        return Environment.GetEnvironmentVariable("GRACE_CHROMIUM") ?? found.FirstOrDefault()
            ?? throw new InvalidOperationException("No Chromium found: install chromium or google-chrome, or name its program in GRACE_CHROMIUM.");
    }
}
