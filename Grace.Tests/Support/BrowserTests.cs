namespace Grace.Tests.Support;

public class BrowserTests
{
    [Fact]
    public async Task A_local_page_renders_and_runs_its_script()
    {
        using var folder = new TestFolder();
        var file = Path.Combine(folder.Path, "page.html");
        await File.WriteAllTextAsync(file, "<h1></h1><script>document.querySelector('h1').textContent = 'Grace ' + (1 + 1)</script>");

        var page = await Browser.NewPageAsync();
        await using var context = page.Context;
        await page.GotoAsync(new Uri(file).AbsoluteUri);

        (await page.TextContentAsync("h1")).ShouldBe("Grace 2");
    }
}
