using Bunit;

namespace Grace.Tests.Support;

public class BunitTests : BunitContext
{
    [Fact]
    public void Markup_is_compared_by_meaning_and_not_by_white_space()
    {
        var fragment = Render(builder => builder.AddMarkupContent(0, "<p class=\"b a\"><b>one</b>  two</p>"));

        fragment.MarkupMatches("<p class=\"a b\">\n  <b>one</b> two\n</p>");
    }
}
