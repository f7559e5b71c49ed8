using Grace.Engine.Design;

namespace Grace.Tests.Design;

public sealed class NamingTests
{
    [Theory]
    [InlineData("Bookmark", "bookmarks"), InlineData("Category", "categories"), InlineData("Bus", "buses")]
    [InlineData("Address", "addresses"), InlineData("Box", "boxes"), InlineData("Day", "days"), InlineData("Status", "statuses")]
    [InlineData("Person", "people"), InlineData("News", "news"), InlineData("OrderItem", "order-items"), InlineData("order_item", "order-items")]
    [InlineData("Bookmarks", "bookmarks"), InlineData("Entries", "entries"), InlineData("HTTPLog", "http-logs"), InlineData("Analysis", "analyses")]
    [InlineData("Process", "processes"), InlineData("Branch", "branches"), InlineData("Gas", "gases"), InlineData("Notes", "notes"), InlineData("Company", "companies")]
    public void A_resource_has_its_english_plural_as_route(string name, string route) => Naming.Plural(name).ShouldBe(route);

    [Theory]
    [InlineData("bookmarks", "bookmark"), InlineData("categories", "category"), InlineData("boxes", "box"), InlineData("notes", "note")]
    [InlineData("buses", "bus"), InlineData("people", "person"), InlineData("news", "news"), InlineData("status", "status"), InlineData("keys", "key")]
    public void A_word_of_prose_loses_its_plural(string plural, string singular) => Naming.SingularWord(plural).ShouldBe(singular);

    [Theory]
    [InlineData("due_date", "DueDate"), InlineData("dueDate", "DueDate"), InlineData("URLEntry", "UrlEntry"), InlineData("log2", "Log2")]
    public void Any_casing_becomes_pascal_case(string name, string pascal) => Naming.Pascal(name).ShouldBe(pascal);
}
