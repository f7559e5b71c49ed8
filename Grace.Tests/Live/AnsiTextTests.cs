using Grace.Web.Live;

namespace Grace.Tests.Live;

/// <summary>Given a line as a tool printed it, then its text and its looks.</summary>
public class AnsiTextTests
{
    const string Esc = "\u001b";

    [Theory]
    [InlineData("plain", "plain|")]
    [InlineData(Esc + "[31mred" + Esc + "[0m and on", "red|ink-red  and on|")]
    [InlineData(Esc + "[1;92mbold" + Esc + "[22m not", "bold|ink-green bold  not|ink-green")]
    [InlineData(Esc + "[38;5;208morange" + Esc + "[39m", "orange|ink-yellow")]
    [InlineData(Esc + "[38;5;240mfaint", "faint|ink-grey")]
    [InlineData(Esc + "[38;2;20;60;250mtrue" + Esc + "[m.", "true|ink-blue .|")]
    [InlineData(Esc + "[38:2:200:20:220mcolons", "colons|ink-magenta")]
    [InlineData(Esc + "[41mground", "ground|on-red")]
    [InlineData(Esc + "[7;32minverse", "inverse|on-green")]
    [InlineData(Esc + "[2mdim", "dim|ink-grey")]
    public void Colours_become_named_looks(string line, string looks) =>
        string.Join(" ", AnsiText.Runs(line).Select(r => $"{r.Text}|{r.Look}")).ShouldBe(looks);

    [Theory]
    [InlineData(Esc + "[2K" + Esc + "[1Gdone", "done")]
    [InlineData(Esc + "]0;a title\atext", "text")]
    [InlineData(Esc + "]8;;https://example.org" + Esc + "\\link" + Esc + "]8;;" + Esc + "\\", "link")]
    [InlineData("10 %\r50 %\r100 %\r\n", "100 %")]
    [InlineData("a\b\0\u0085b\tc", "ab\tc")]
    [InlineData("cut off " + Esc + "[3", "cut off ")]
    [InlineData("at the end " + Esc, "at the end ")]
    [InlineData(Esc + "(Bascii", "ascii")]
    [InlineData(Esc + "[38;5mshort", "short")]
    [InlineData(Esc + "[99999999999999999999mfar", "far")]
    public void What_is_no_colour_is_left_out(string line, string text)
    {
        string.Concat(AnsiText.Runs(line).Select(r => r.Text)).ShouldBe(text);
        AnsiText.Plain(line).ShouldBe(text);
    }

    [Fact]
    public void What_was_searched_for_is_told_apart_also_where_the_colour_changes_within_it() =>
        AnsiText.Runs($"one {Esc}[31mfai{Esc}[32mled{Esc}[0m Failed", "failed").Select(r => $"{r.Text}|{r.Look}|{r.Hit}")
            .ShouldBe(["one ||False", "fai|ink-red|True", "led|ink-green|True", " ||False", "Failed||True"]);

    [Fact]
    public void Whatever_bytes_come_they_become_text_without_controls()
    {
        const string Letters = "\u001b[]0;38m5\r\n\a\\\u009bab";
        var random = new Random(7);
        for (var n = 0; n < 2000; n++)
        {
            var line = new string([.. Enumerable.Range(0, 40).Select(_ => Letters[random.Next(Letters.Length)])]);
            string.Concat(AnsiText.Runs(line, "a").Select(r => r.Text)).ShouldAllBe(c => !char.IsControl(c));
        }
    }

    [Fact]
    public void A_console_keeps_the_newest_lines_and_counts_those_that_went()
    {
        var lines = new ConsoleLines(most: 1000);
        for (var n = 1; n <= 5000; n++)
            lines.Add($"line {n}");
        lines.Kept.Count.ShouldBeInRange(980, 1000);
        lines.Kept[^1].ShouldBe("line 5000");
        lines.Kept[0].ShouldBe($"line {lines.Dropped + 1}");
        lines.Heard.ShouldBe(5000);
    }

    [Fact]
    public void Long_lines_are_bounded_by_their_length_together_and_the_newest_is_always_kept()
    {
        var lines = new ConsoleLines(longest: 1000);
        for (var n = 1; n <= 50; n++)
            lines.Add(new string('x', 100));
        lines.Kept.Sum(l => l.Length).ShouldBeLessThanOrEqualTo(1000);
        lines.Add(new string('y', 5000));
        lines.Kept.Single().ShouldStartWith("y");
    }
}
