using Grace.Tests.Browser;
using Microsoft.Playwright;

namespace Grace.Tests.Support;

/// <summary>Pages as people see them: at a width, in a scheme, checked by axe, kept as test output for a person to look at.</summary>
static class PageShots
{
    static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "screenshots");

    public static Task ShootAsync(IPage page, string name) => page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png") });

    /// <summary>What was measured, beside the picture.</summary>
    public static Task NoteAsync(string name, string text)
    {
        Directory.CreateDirectory(Folder);
        return File.WriteAllTextAsync(Path.Combine(Folder, $"{name}.txt"), text + "\n");
    }

    public static async Task LookAsync(ServerProcess server, int width, ColorScheme scheme, string name, string path, Func<IPage, Task> ready)
    {
        var page = await Browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        await page.GotoAsync($"{server.LoginLink}&return={Uri.EscapeDataString(path)}");
        page.Url.ShouldBe(new Uri(server.Address + path).AbsoluteUri);
        await ready(page);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
        await ShootAsync(page, $"{name}-{width}-{scheme}".ToLowerInvariant());
        (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty();
        await page.Context.DisposeAsync();
    }
}
