using System.Text.Json.Nodes;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grace.Engine.Design;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Grace.Tests.Design;

public sealed class ServiceTemplatesTests
{
    private static readonly ServiceDesign Bookmarks =
        ServiceDesigner.Derive("Build a bookmark service: Bookmark(title: string, url: uri, tags: string[])");

    [Fact]
    public void A_service_comes_with_its_tests_build_files_and_description()
    {
        var paths = ServiceTemplates.Shipped.Render(Bookmarks, "csharp").Select(f => f.Path).ToList();

        paths.ShouldBeUnique();
        paths.ShouldContain("BookmarkService.slnx");
        paths.ShouldContain("src/BookmarkService/Bookmarks/Bookmark.cs");
        paths.ShouldContain("tests/BookmarkService.Tests/BookmarkTests.cs");
        paths.ShouldContain("README.md");
    }

    [Fact]
    public void Every_acceptance_criterion_has_exactly_one_test()
    {
        var tests = string.Concat(ServiceTemplates.Shipped.Render(Bookmarks, "csharp").Where(f => f.Path.EndsWith("Tests.cs")).Select(f => f.Content));

        foreach (var criterion in Bookmarks.AcceptanceCriteria)
        {
            tests.Split($"[Fact(DisplayName = \"{criterion.Id}: ").Length.ShouldBe(2, criterion.Text);
        }
        tests.Split("public async Task ").Length.ShouldBe(Bookmarks.AcceptanceCriteria.Count + 1);
    }

    [Fact]
    public void The_service_serves_the_design_s_own_document_and_schema()
    {
        var files = ServiceTemplates.Shipped.Render(Bookmarks, "csharp").ToDictionary(f => f.Path, f => f.Content);

        JsonNode.DeepEquals(JsonNode.Parse(files["src/BookmarkService/openapi.json"]), Bookmarks.OpenApi).ShouldBeTrue();
        files["src/BookmarkService/Storage/schema.sql"].ShouldBe(Bookmarks.DatabaseSchema);
    }

    [Fact]
    public void A_language_without_templates_is_refused_naming_those_that_have()
    {
        ServiceTemplates.Shipped.Languages.Keys.ShouldBe(["csharp", "javascript", "python"], ignoreOrder: true);
        Should.Throw<TaskRefusedException>(() => ServiceTemplates.Shipped.Render(Bookmarks, "cobol")).Message.ShouldBe("language: 'cobol' has no templates. Allowed: csharp, javascript, python.");
    }

    [Theory]
    [InlineData("../../etc", "bookmarks")]
    [InlineData("Bookmark", "../bookmarks")]
    [InlineData("X{}; class Y", "bookmarks")]
    [InlineData("Bookmark\n", "bookmarks")]
    public void A_design_from_outside_cannot_smuggle_names_into_paths_or_code(string name, string route)
    {
        var altered = Bookmarks with { Resources = [Bookmarks.Resources[0] with { Name = name, PluralRoute = route }] };

        Should.Throw<TaskRefusedException>(() => ServiceTemplates.Shipped.Render(altered, "csharp"));
    }

    [Fact]
    public void A_resource_that_code_has_to_rename_stays_apart_from_one_that_has_the_name()
    {
        var paths = ServiceTemplates.Shipped.Render(ServiceDesigner.Derive("Task(a: int) TaskItem(b: int)"), "csharp").Select(f => f.Path);

        paths.ShouldBeUnique();
    }

    [Fact]
    public void A_criterion_about_what_the_design_does_not_hold_is_refused()
    {
        var altered = Bookmarks with { AcceptanceCriteria = [new("AC-01", "It works.", "missing_field", 422, "Bookmark", "no_such_field")] };

        Should.Throw<TaskRefusedException>(() => ServiceTemplates.Shipped.Render(altered, "csharp")).Value.ShouldBe("no_such_field");
    }

    [Property(MaxTest = 60)]
    public Property Any_declared_resource_becomes_files_that_parse() => Prop.ForAll(Tasks.Declared(), task =>
    {
        foreach (var file in ServiceTemplates.Shipped.Render(ServiceDesigner.Derive(task), "csharp"))
        {
            Faults(file).ShouldBeEmpty($"{task}\n{file.Path}");
        }
    });

    private static IEnumerable<string> Faults(GeneratedFile file)
    {
        switch (Path.GetExtension(file.Path))
        {
            case ".cs":
                return CSharpSyntaxTree.ParseText(file.Content).GetDiagnostics().Select(d => d.ToString());
            case ".csproj" or ".props" or ".slnx":
                XDocument.Parse(file.Content);
                return [];
            case ".json":
                JsonNode.Parse(file.Content).ShouldNotBeNull();
                return [];
            default:
                return string.IsNullOrWhiteSpace(file.Content) ? ["is empty"] : [];
        }
    }
}
