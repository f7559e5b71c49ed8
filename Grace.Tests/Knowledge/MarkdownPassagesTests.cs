using Grace.Engine.Knowledge;

namespace Grace.Tests.Knowledge;

public sealed class MarkdownPassagesTests
{
    [Fact]
    public void A_passage_carries_the_headings_above_it_and_code_has_none()
    {
        var (title, passages) = MarkdownPassages.Cut("---\ntags: x\n---\n# Guide\nIntro.\n## Run ##\n```sh\n# not a heading\n```\n### Fast\nGo.\n## Stop\nHalt.");

        title.ShouldBe("Guide");
        passages.ShouldBe([
            new Passage("", "Intro."), new Passage("Run", "```sh\n# not a heading\n```"), new Passage("Run › Fast", "Go."), new Passage("Stop", "Halt.")]);
    }

    [Fact]
    public void Long_sections_are_cut_without_losing_a_word()
    {
        var words = Enumerable.Range(0, 3000).Select(n => $"word{n}").ToArray();

        var passages = MarkdownPassages.Cut(string.Join(' ', words)).Passages;

        passages.ShouldAllBe(passage => passage.Body.Length <= MarkdownPassages.BodyLimit);
        string.Join(' ', passages.Select(passage => passage.Body)).Split(' ').ShouldBe(words);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\n")]
    [InlineData("---")]
    [InlineData("#\n##\n")]
    public void Text_without_content_has_no_passages(string text)
    {
        var passages = MarkdownPassages.Cut(text).Passages;

        passages.ShouldAllBe(passage => passage.Body.Length > 0);
    }

    [Fact]
    public void The_handbook_ships_and_every_chapter_has_a_title_and_sections()
    {
        Handbook.Chapters().Count.ShouldBeGreaterThanOrEqualTo(11);
        foreach (var (name, text) in Handbook.Chapters())
        {
            var (title, passages) = MarkdownPassages.Cut(text);
            title.ShouldNotBeNull(name);
            passages.Count.ShouldBeGreaterThan(3, name);
        }
    }
}
