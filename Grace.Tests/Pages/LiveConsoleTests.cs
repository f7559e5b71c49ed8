using Bunit;
using Grace.Engine.Log;
using Grace.Tests.Support;
using Grace.Web.Components.Parts;
using Microsoft.AspNetCore.Components.Web;

namespace Grace.Tests.Pages;

public class LiveConsoleTests
{
    [Fact]
    public async Task It_follows_its_own_pipeline_and_draws_the_end()
    {
        await using var test = await PageTest.StartAsync();
        var console = Show(test);
        console.Markup.ShouldContain("appears here as it happens");
        test.Grace.Get<ProgressFeed>().Speak(new("pipeline_2", "test", 1, "of another", Given.Noon));
        Speak(test, LiveConsole.Drawn + 100);
        PageTest.Until(console, () => console.FindAll(".ln").Last().TextContent.Trim().ShouldBe($"→ line {LiveConsole.Drawn + 100}"));
        console.FindAll(".ln").Count.ShouldBe(LiveConsole.Drawn);
        console.Find(".ln").TextContent.Trim().ShouldBe("[TEST] line 101");
        console.Find(".console > div").GetAttribute("style").ShouldBe("height:2000px", "what is not drawn keeps its room");
        console.Markup.ShouldNotContain("of another");
    }

    [Fact]
    public async Task Scrolled_back_it_stands_still_and_counts_what_comes_until_it_follows_again()
    {
        await using var test = await PageTest.StartAsync();
        var console = Show(test);
        Speak(test, 3);
        PageTest.Until(console, () => console.FindAll(".ln").Count.ShouldBe(3));
        await console.InvokeAsync(console.Instance.StandStill);
        Speak(test, 2);
        PageTest.Until(console, () => Button(console, "Follow").TextContent.ShouldBe("Follow (2 new)"));
        console.FindAll(".ln").Count.ShouldBeLessThanOrEqualTo(3);
        await Button(console, "Follow").ClickAsync(new());
        console.FindAll(".ln").Count.ShouldBe(5);
        Button(console, "Follow").GetAttribute("aria-pressed").ShouldBe("true");
        test.Script.VerifyInvoke("graceConsole.follow");
    }

    [Fact]
    public async Task A_search_counts_its_matches_and_goes_round_them()
    {
        await using var test = await PageTest.StartAsync();
        var console = Show(test);
        Speak(test, 30);
        PageTest.Until(console, () => console.FindAll(".ln").Count.ShouldBe(30));
        await console.Find("input[type=search]").InputAsync("LINE 2");
        console.Find("[role=status]").TextContent.ShouldBe("11 of 11");
        await console.Find("input[type=search]").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });
        console.Find("[role=status]").TextContent.ShouldBe("1 of 11");
        await console.Find("input[type=search]").KeyDownAsync(new KeyboardEventArgs { Key = "Enter", ShiftKey = true });
        console.Find("[role=status]").TextContent.ShouldBe("11 of 11");
        test.Script.Invocations["graceConsole.show"].Select(i => i.Arguments[1]).ShouldBe([28 * 20, 1 * 20, 28 * 20]);
        await console.Find("input[type=search]").InputAsync("nowhere");
        console.Find("[role=status]").TextContent.ShouldBe("not found");
    }

    [Fact]
    public async Task Copying_takes_every_line_without_its_colours_and_says_where_a_browser_forbids_it()
    {
        await using var test = await PageTest.StartAsync();
        var console = Show(test);
        test.Grace.Get<ProgressFeed>().Speak(new("pipeline_1", "test", 1, "\u001b[31mred\u001b[0m one\ntwo", Given.Noon));
        PageTest.Until(console, () => console.FindAll(".ln").Count.ShouldBe(2));
        test.Script.Setup<bool>("graceConsole.copy", _ => true).SetResult(true);
        await Button(console, "Copy all").ClickAsync(new());
        test.Script.Invocations["graceConsole.copy"].Single().Arguments.ShouldBe(["[TEST] red one\ntwo"]);
        Button(console, "Copied 2 lines");
        test.Script.Setup<bool>("graceConsole.copy", _ => true).SetResult(false);
        await Button(console, "Copied").ClickAsync(new());
        console.Markup.ShouldContain("only over https");
    }

    [Fact]
    public async Task Markup_in_a_line_is_text()
    {
        await using var test = await PageTest.StartAsync();
        var console = Show(test);
        test.Grace.Get<ProgressFeed>().Speak(new("pipeline_1", "test", 1, "\u001b[32m<img src=x onerror=alert(1)>\u001b[0m", Given.Noon));
        PageTest.Until(console, () => console.Find(".ln .ink-green").TextContent.ShouldBe("<img src=x onerror=alert(1)>"));
        console.FindAll("img").ShouldBeEmpty();
    }

    static IRenderedComponent<LiveConsole> Show(PageTest test) => test.Show<LiveConsole>(p => p.Add(c => c.PipelineId, "pipeline_1"));

    static void Speak(PageTest test, int lines)
    {
        for (var n = 1; n <= lines; n++)
            test.Grace.Get<ProgressFeed>().Speak(new("pipeline_1", "test", 1, n % 2 == 0 ? $"→ line {n}" : $"line {n}", Given.Noon));
    }

    static AngleSharp.Dom.IElement Button(IRenderedComponent<LiveConsole> console, string says) =>
        console.FindAll("button").First(b => b.TextContent.StartsWith(says, StringComparison.Ordinal));
}
