using Grace.Tests.Browser;
using Microsoft.Playwright;

namespace Grace.Tests.Support;

/// <summary>Pages as people see them: narrow and wide, dark and light, checked by axe, kept as test output for a person to look at.</summary>
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

    /// <summary>A page of a server, looked at when it is ready.</summary>
    public static async Task LookAsync(ServerProcess server, string name, string path, Func<IPage, Task> ready)
    {
        var page = await Browser.NewPageAsync(new() { ViewportSize = new() { Width = 400, Height = 900 }, ColorScheme = ColorScheme.Dark });
        await page.GotoAsync($"{server.LoginLink}&return={Uri.EscapeDataString(path)}");
        page.Url.ShouldBe(new Uri(server.Address + path).AbsoluteUri);
        await ready(page);
        await LookAsync(page, name);
        await page.Context.DisposeAsync();
    }

    /// <summary>A page as it is, narrow in dark and wide in light: it fits, and axe finds nothing serious. Left as wide as it was.</summary>
    public static async Task LookAsync(IPage page, string name)
    {
        var was = page.ViewportSize!;
        foreach (var (width, scheme) in new[] { (400, "dark"), (1400, "light") })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme == "dark" ? ColorScheme.Dark : ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
            await page.SetViewportSizeAsync(width, 900);
            await page.WaitForFunctionAsync("scheme => (document.documentElement.dataset.theme ?? scheme) === scheme", scheme);
            // A drawer that folds for the width does so when the server has heard of it.
            await page.WaitForFunctionAsync("() => { const drawer = document.querySelector('.mud-drawer'); return !drawer || drawer.classList.contains('mud-drawer--open') === (innerWidth >= 600); }");
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, name);
            await ShootAsync(page, $"{name}-{width}-{scheme}");
            (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty($"{name}, {width} px, {scheme}");
        }
        await page.SetViewportSizeAsync(was.Width, was.Height);
    }
}
