using Grace.Tests.Web;
using Microsoft.Playwright;

namespace Grace.Tests.Browser;

/// <summary>axe-core, run inside the page.</summary>
static class Axe
{
    /// <summary>Findings that are serious or critical, each with where it is.</summary>
    public static async Task<string[]> SeriousFindingsAsync(IPage page)
    {
        await HubClient.Installed.Value;
        // Not as a script in the page: that is what the pages forbid.
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(HubClient.Folder, "node_modules", "axe-core", "axe.min.js")));
        return await page.EvaluateAsync<string[]>("""
            async () => (await axe.run({ resultTypes: ['violations'] })).violations
              .filter(v => v.impact === 'serious' || v.impact === 'critical')
              .flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 120)} ${n.failureSummary.slice(0, 200)}`))
            """);
    }
}
