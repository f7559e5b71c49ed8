using FsCheck.Xunit;
using Grace.Engine.Design;

namespace Grace.Tests.Design;

public sealed class TaskReaderTests
{
    [Fact]
    public void A_declaration_gives_its_fields_in_order()
    {
        var reading = TaskReader.Read("Build a bookmark service: Bookmark(title: string, url: uri, tags: string[], note: text?)");

        var (name, fields) = reading.Resources.ShouldHaveSingleItem();
        name.ShouldBe("Bookmark");
        fields.ShouldBe([
            new FieldDesign("title", FieldType.String, false, true, 500),
            new FieldDesign("url", FieldType.Uri, false, true, 2048),
            new FieldDesign("tags", FieldType.String, true, true, 500, 100),
            new FieldDesign("note", FieldType.Text, false, false, 10_000),
        ]);
        reading.ServiceWords.ShouldBe(["bookmark"]);
        reading.Assumptions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Build it: Bookmark\u200b(title: string, url: uri)")]
    [InlineData("Build it: \ufeffBookmark(\u200etitle: string,\u2060 url: uri)")]
    [InlineData("Build it: Bookmark（title：string，url：uri）")]
    [InlineData("Build it: Bookmark（title：string、url：uri）")]
    [InlineData("Build it: Ｂｏｏｋｍａｒｋ(title: string, url: uri)")]
    [InlineData("Build it: Bookmark{title: string, url: uri}")]
    [InlineData("Build it: Bookmark {title: string, url: uri}")]
    [InlineData("Build it: Book\u00admark\u00a0(title:\u00a0string,\u00a0url:\u00a0uri)")]
    [InlineData("Build it: Bookmark\u3164\u034f\ufe0f(title: string, url: uri)")]
    [InlineData("Build it: Bookmark\ufff9(\udb40\udc20title: string, url: uri)")]
    [InlineData("Build it: Bookmark\u0007(title: string\r\n, url: uri)")]
    [InlineData("Build it: Bookmark﹙title﹕string﹐url∶ uri﹚")]
    [InlineData("Build it: Bookmark(title: string‚ url: uri)")]
    [InlineData("Build it: Bookmark(title: string؛ url: uri)")]
    [InlineData("Build it: Bookmark(title: 𝐬𝐭𝐫𝐢𝐧𝐠, url: uri)")]
    [InlineData("Build it: Bookmark【title: string, url: uri】")]
    [InlineData("Build it: Bookmark[title: string, url: uri]")]
    [InlineData("Build it: Bookmark<title: string, url: uri>")]
    [InlineData("Build it: **Bookmark**(title: string, url: uri)")]
    [InlineData("Build it: `Bookmark`(title: string, url: uri)")]
    [InlineData("Build it: Bookmark(“title”: “string”, 'url': uri)")]
    [InlineData("Build it: Bookmark: {title: string, url: uri}")]
    [InlineData("Build it: {\"Bookmark\": {\"title\": \"string\", \"url\": \"uri\"}}")]
    [InlineData("Build it:\n```ts\nexport interface Bookmark {\n  title: string;\n  url: uri;\n}\n```")]
    [InlineData("Build it: type Bookmark = { title: string; url: uri }")]
    [InlineData("Build it:\n```\nBookmark(title:string;url:uri)\n```")]
    public void What_was_declared_is_built_however_it_was_typed(string task)
    {
        var (name, fields) = TaskReader.Read(task).Resources.ShouldHaveSingleItem();
        (name, string.Join(", ", fields.Select(f => $"{f.Name}: {f.Type}"))).ShouldBe(("Bookmark", "title: String, url: Uri"));
    }

    [Fact]
    public void Several_declarations_may_stand_anywhere_in_the_text()
    {
        var reading = TaskReader.Read("A library with Author(name: string) and,\nof course, book(title: string(80);\n status: open|lent?) please");

        reading.Resources.Select(r => r.Name).ShouldBe(["Author", "Book"]);
        reading.Resources[1].Fields[0].MaxLength.ShouldBe(80);
        reading.Resources[1].Fields[1].Choices.ShouldBe(["open", "lent"]);
        reading.Resources[1].Fields[1].Required.ShouldBeFalse();
    }

    [Theory]
    [InlineData("string", FieldType.String), InlineData("text", FieldType.Text), InlineData("int", FieldType.Integer)]
    [InlineData("integer", FieldType.Integer), InlineData("long", FieldType.Long), InlineData("number", FieldType.Number)]
    [InlineData("decimal", FieldType.Number), InlineData("float", FieldType.Number), InlineData("bool", FieldType.Boolean)]
    [InlineData("boolean", FieldType.Boolean), InlineData("date", FieldType.Date), InlineData("datetime", FieldType.Datetime)]
    [InlineData("DateTime", FieldType.Datetime), InlineData("uri", FieldType.Uri), InlineData("url", FieldType.Uri)]
    [InlineData("email", FieldType.Email), InlineData("UUID", FieldType.Uuid)]
    public void Every_spelling_of_a_type_is_known_alone_as_a_list_and_optional(string spelling, FieldType type)
    {
        var fields = TaskReader.Read($"Thing(a: {spelling}, b: {spelling}[], c: {spelling}?, d: {spelling}[]?, e?: {spelling})").Resources[0].Fields;

        fields.ShouldAllBe(f => f.Type == type);
        fields.Select(f => f.IsArray).ShouldBe([false, true, false, true, false]);
        fields.Select(f => f.Required).ShouldBe([true, true, false, false, false]);
    }

    [Fact]
    public void An_unknown_type_is_refused_naming_the_field_the_value_and_what_is_allowed()
    {
        var refused = Should.Throw<TaskRefusedException>(() => TaskReader.Read("Bookmark(title: string, url: link)"));

        refused.Place.ShouldBe("Bookmark.url");
        refused.Value.ShouldBe("link");
        refused.Allowed!.ShouldContain("string, text, int");
        refused.Message.ShouldStartWith("Bookmark.url: 'link' is not a known type. Allowed: string");
    }

    [Theory]
    [InlineData("  ", "says nothing")]
    [InlineData("Bookmark(title: string, url)", "has no type")]
    [InlineData("Bookmark(title: string, url: ?)", "has no type")]
    [InlineData("Bookmark(title: string, title: text)", "says the same")]
    [InlineData("Bookmark(due_date: date, dueDate: date)", "says the same")]
    [InlineData("Bookmark(id: int, title: string)", "set by the service itself, as a uuid")]
    [InlineData("Bookmark(iD: string)", "set by the service itself")]
    [InlineData("Bookmark(title: string", "never closed")]
    [InlineData("Bookmark(ti-tle: string)", "not a usable field name")]
    [InlineData("Bücher(titel: string)", "not a usable name")]
    [InlineData("Bookmark(_: string)", "not a usable field name")]
    [InlineData("Bookmark(state: open|open)", "names a choice twice")]
    [InlineData("Bookmark(state: open|b' DROP)", "has the choice")]
    [InlineData("Bookmark(state: string|int)", "mixes types")]
    [InlineData("Bookmark(pages: int(3))", "gives a length")]
    [InlineData("Bookmark(title: string, price: decimal(10,2))", "'decimal(10,2)' gives a length or precision")]
    [InlineData("Bookmark{title: link}", "'link' is not a known type")]
    [InlineData("Bookmark(title: string(0))", "no possible length")]
    [InlineData("Bookmark(author: Author)", "declare its id: uuid")]
    [InlineData("Bookmark(created_at: datetime)", "not a possible number of fields")]
    [InlineData("Bookmark(a: int) Bookmarks(b: int)", "already the route")]
    [InlineData("SqliteStat(a: int)", "keeps for itself")]
    public void What_cannot_be_built_is_refused_with_the_reason(string task, string reason) =>
        Should.Throw<TaskRefusedException>(() => TaskReader.Read(task)).Message.ShouldContain(reason);

    [Theory]
    [InlineData("Bookmark(title -> string, url -> uri)", "title -> string")]
    [InlineData("Bookmark(title → string)", "title → string")]
    [InlineData("Bookmark(title = string)", "title = string")]
    [InlineData("Bookmark(title string, url uri)", "Bookmark(title string, url uri)")]
    [InlineData("Bookmark(string title, uri url)", "Bookmark(string title, uri url)")]
    [InlineData("public record Bookmark(string Title, Uri Url);", "Bookmark(string Title, Uri Url)")]
    [InlineData("class Bookmark { public string Title { get; set; } }", "public string Title")]
    [InlineData("class Bookmark:\n    title: str\n    url: str", "title: str")]
    [InlineData("type Bookmark struct {\n\tTitle string\n}", "Title string")]
    [InlineData("message Bookmark { string title = 1; }", "string title = 1")]
    [InlineData("CREATE TABLE bookmark (id uuid PRIMARY KEY, title varchar(80) NOT NULL)", "bookmark (id uuid PRIMARY KEY")]
    [InlineData("Bookmark\n- title: string\n- url: uri", "title: string")]
    [InlineData("Bookmark:\n  title: string\n  url: uri", "title: string")]
    [InlineData("| field | type |\n|---|---|\n| title | string |", "| title | string |")]
    [InlineData("Bookmark: title: string, url: uri", "title: string")]
    [InlineData("Bookmark title:string url:uri", "title:string")]
    [InlineData("Bookmark with title (string) and url (uri)", "title (string) and url (uri)")]
    [InlineData("entity Bookmark has title: string and url: uri", "title: string")]
    [InlineData("{\"title\": \"string\"}", "title")]
    [InlineData("Bookmark「title：string」", "title:string")]
    [InlineData("Bookmark⟨title: string⟩", "title: string")]
    [InlineData("interface Bookmark extends Base {\n title: string;\n}", "interface Bookmark extends Base")]
    [InlineData("Note(text: text) and Author with name (string)", "name (string)")]
    public void What_looks_like_data_in_another_notation_is_refused_with_what_would_be_right(string task, string part)
    {
        foreach (var whole in new[] { task, $"Build a bookmark service: {task}", $"Build a bookmark service.\n\n{task}\n\nMake it quick." })
        {
            var refused = Should.Throw<TaskRefusedException>(() => TaskReader.Read(whole));
            refused.Value.ShouldContain(part);
            refused.Allowed!.ShouldContain("Name(field: type");
        }
    }

    [Theory]
    [InlineData("Bookmark(title: strіng)", "'і' (U+0456)")]
    [InlineData("Вookmark(title: string)", "'В' (U+0412)")]
    [InlineData("Bookmark(titlе: string)", "'е' (U+0435)")]
    [InlineData("Bookmark(title: string = 'x')", "default")]
    [InlineData("Bookmark(status: enum(open, done))", "open|done")]
    [InlineData("Bookmark(status: open/done)", "open|done")]
    [InlineData("Bookmark(title: optional string)", "? after its type")]
    [InlineData("Bookmark(title: Optional[string])", "? after its type")]
    [InlineData("Bookmark(title: open | null)", "write ? after the type")]
    [InlineData("Bookmark(tags: List<string>)", "string[]")]
    [InlineData("Bookmark(tags: [string])", "string[]")]
    [InlineData("Bookmark(tags: string[10])", "string[]")]
    [InlineData("Bookmark(title: string!)", "leave the ! out")]
    [InlineData("Bookmark(title: string (max 80))", "string(80)")]
    [InlineData("Bookmark(title: varchar(80))", "called string")]
    [InlineData("Bookmark(author: {name: string})", "resource of its own")]
    [InlineData("Book-mark(title: string)", "'Book-mark' is not a usable name")]
    [InlineData("2Bookmark(title: string)", "'2Bookmark' is not a usable name")]
    [InlineData("Bookmark(title: string]", "never closed by )")]
    public void A_declaration_that_cannot_be_read_shows_why_and_what_would_be_right(string task, string says) =>
        Should.Throw<TaskRefusedException>(() => TaskReader.Read(task)).Message.ShouldContain(says);

    [Theory]
    [InlineData("Build a note service, deploy to staging (note: string art)")]
    [InlineData("Build a note service [see: docs] {todo: later} <https://example.com: shop>")]
    [InlineData("Build a note service. Requirements: fast, small. Note: keep it simple. Format: text files, date pickers (if any).")]
    [InlineData("Track Note(s) on AWS (lambda, s3)")]
    public void Prose_is_left_alone(string task) => TaskReader.Read(task).Resources.ShouldHaveSingleItem().Fields.Select(f => f.Name).ShouldBe(["name", "description"]);

    [Fact]
    public void What_is_said_again_of_a_declared_field_is_prose() =>
        TaskReader.Read("Book(title: string, isbn: string). The title (string) is unique; isbn: string.").Resources.ShouldHaveSingleItem().Fields.Count.ShouldBe(2);

    [Fact]
    public void Fields_that_are_called_so_in_words_are_used_and_that_is_an_assumption()
    {
        var reading = TaskReader.Read("Write an API for books with the fields title, author and year.");
        reading.Resources.ShouldHaveSingleItem().Fields.Select(f => f.Name).ShouldBe(["title", "author", "year"]);
        reading.Assumptions.ShouldHaveSingleItem().ShouldContain("each taken as string");
    }

    [Fact]
    public void Fields_that_the_service_sets_may_be_declared_as_what_they_are()
    {
        var reading = TaskReader.Read("Bookmark(id: uuid, title: string, created_at: datetime)");

        reading.Resources[0].Fields.Select(f => f.Name).ShouldBe(["title"]);
        reading.Assumptions.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("Build user authentication for this repository", "UserAuthentication")]
    [InlineData("Build a Kubernetes autoscaler", "KubernetesAutoscaler")]
    [InlineData("Create a service for managing invoices", "Invoice")]
    [InlineData("A service that stores bookmarks with a title", "Bookmark")]
    [InlineData("Fix it", "Item")]
    [InlineData("日本語のサービス", "Item")]
    [InlineData("Track notes (for example: about cats)", "Note")]
    public void Without_a_declaration_the_words_name_the_resource_and_that_is_an_assumption(string task, string resource)
    {
        var reading = TaskReader.Read(task);

        reading.Resources.ShouldHaveSingleItem().Name.ShouldBe(resource);
        reading.Assumptions.ShouldHaveSingleItem().ShouldContain($"{resource}(name: string, description: text?)");
    }

    [Fact]
    public void Names_without_types_are_text_and_that_is_an_assumption()
    {
        var reading = TaskReader.Read("Build Bookmark(title, url?)");

        reading.Resources[0].Fields.Select(f => (f.Name, f.Type, f.Required)).ShouldBe([("title", FieldType.String, true), ("url", FieldType.String, false)]);
        reading.Assumptions.ShouldHaveSingleItem();
    }

    [Property(MaxTest = 500)]
    public void No_text_gets_anything_but_a_design_or_the_refusal(string? text, string? name, string? type)
    {
        foreach (var task in (string[])[$"{text}", $"Build {text}", $"Bookmark({text})", $"{name}({text}: {type}, b: {name}|{text})"])
        {
            try
            {
                ServiceDesigner.Derive(task).Resources.ShouldNotBeEmpty();
            }
            catch (TaskRefusedException refused)
            {
                refused.Message.ShouldNotBeNullOrWhiteSpace();
            }
        }
    }
}
