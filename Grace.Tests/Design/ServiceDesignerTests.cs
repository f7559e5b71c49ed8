using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grace.Engine.Design;

namespace Grace.Tests.Design;

public sealed class ServiceDesignerTests
{
    private const string Task = "Build a bookmark service: Bookmark(title: string, url: uri, tags: string[], order: int?)";

    [Fact]
    public void A_design_describes_the_routes_the_tables_and_what_to_prove()
    {
        var design = ServiceDesigner.Derive(Task);

        (design.Name, design.PascalName).ShouldBe(("bookmark-service", "BookmarkService"));
        design.OpenApi["openapi"]!.ToString().ShouldBe("3.1.0");
        design.OpenApi["paths"]!.AsObject().Select(p => p.Key).ShouldBe(["/health", "/bookmarks", "/bookmarks/{id}"]);
        design.DatabaseSchema.ShouldContain("CREATE TABLE IF NOT EXISTS \"bookmarks\"");
        design.DatabaseSchema.ShouldContain("\"order\" INTEGER,");
        design.Diagram.ShouldStartWith("flowchart LR");
        design.AcceptanceCriteria.Select(c => c.Id).ShouldBeUnique();
        design.AcceptanceCriteria.Select(c => c.Check).ShouldContain("survives_restart");
    }

    [Fact]
    public void Every_reference_in_the_interface_document_resolves()
    {
        var design = ServiceDesigner.Derive("Problem(text: string), Page(health: int)");
        var schemas = design.OpenApi["components"]!["schemas"]!.AsObject();

        References(design.OpenApi).Select(r => r["#/components/schemas/".Length..]).ShouldAllBe(name => schemas.ContainsKey(name));
    }

    [Fact]
    public void The_context_may_name_the_service_and_declare_its_resources_and_the_rest_is_kept()
    {
        var context = new JsonObject { ["service_name"] = "shelf", ["resources"] = "Note(text: text)", ["deadline"] = "friday" };
        var design = ServiceDesigner.Derive(Task, context, ["SQLite keeps one file", " "]);

        design.Name.ShouldBe("shelf-service");
        design.Resources.ShouldHaveSingleItem().Name.ShouldBe("Note");
        design.Constraints.ShouldContain("deadline: friday");
        design.Findings.ShouldBe(["SQLite keeps one file"]);
        Should.Throw<TaskRefusedException>(() => ServiceDesigner.Derive(Task, new JsonObject { ["resources"] = "none" })).Place.ShouldBe("context.resources");
        Should.Throw<TaskRefusedException>(() => ServiceDesigner.Derive(Task, new JsonObject { ["service_name"] = "../up" })).Place.ShouldBe("context.service_name");
    }

    [Theory]
    [InlineData("""["Note(text: text)", "Tag(name: string)"]""", "Note Tag")]
    [InlineData("""{"Note": {"text": "text"}}""", null)]
    [InlineData("""[{"name": "Note"}]""", null)]
    [InlineData("""[]""", null)]
    [InlineData("""true""", null)]
    [InlineData("\"  \"", "Bookmark")]
    public void What_the_context_declares_is_used_or_refused_whatever_its_form(string resources, string? names)
    {
        var context = new JsonObject { ["resources"] = JsonNode.Parse(resources) };
        if (names is null)
            Should.Throw<TaskRefusedException>(() => ServiceDesigner.Derive(Task, context)).Place.ShouldBe("context.resources");
        else
            string.Join(' ', ServiceDesigner.Derive(Task, context).Resources.Select(r => r.Name)).ShouldBe(names);
    }

    [Fact]
    public void The_stored_form_is_pinned()
    {
        var field = ServiceDesigner.Derive(Task).ToJson()["resources"]![0]!["fields"]![2]!;

        field.ToJsonString().ShouldBe("""{"name":"tags","type":"string","is_array":true,"required":true,"max_length":500,"max_items":100,"choices":null}""");
    }

    [Fact]
    public void What_is_no_design_is_not_read_as_one()
    {
        Should.Throw<JsonException>(() => ServiceDesign.FromJson(new JsonObject { ["name"] = "x" }));
        Should.Throw<JsonException>(() => ServiceDesign.FromJson(new JsonArray()));
    }

    [Fact]
    public void The_document_shows_fields_assumptions_and_criteria_and_no_markup_of_others()
    {
        var page = DesignMarkdown.Render(ServiceDesigner.Derive("Build <script>alert(1)</script> Note(state: open|done, text: text?)"));

        page.ShouldContain("| `state` | `open` or `done` | yes |");
        page.ShouldContain("## Assumptions");
        page.ShouldContain("**AC-01**");
        page.ShouldNotContain("<script>");
    }

    [Property(MaxTest = 200)]
    public Property Any_declared_resources_survive_json_unchanged() => Prop.ForAll(Tasks.Declared(), task =>
    {
        var design = ServiceDesigner.Derive(task);
        var again = ServiceDesign.FromJson(JsonNode.Parse(design.ToJson().ToJsonString())!);

        again.ToJson().ToJsonString().ShouldBe(design.ToJson().ToJsonString());
        again.Resources[0].Fields.Count.ShouldBe(design.Resources[0].Fields.Count);
    });

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject inner => inner.SelectMany(p => p.Key == "$ref" ? [p.Value!.ToString()] : References(p.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
