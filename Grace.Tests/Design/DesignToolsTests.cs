using System.Text.Json.Nodes;
using Grace.Engine.Design;
using Grace.Engine.Tools;
using Grace.Engine.Workspaces;
using Grace.Tests.Support;

namespace Grace.Tests.Design;

public sealed class DesignToolsTests : IDisposable
{
    private readonly string workspace = Directory.CreateTempSubdirectory("grace-design-").FullName;
    private readonly List<string> progress = [];
    private readonly TestFolder data = new();
    private readonly ServiceChooser chooser;

    public DesignToolsTests() => chooser = new(ServiceTemplates.Shipped, new Sandbox(data.Path, TimeProvider.System), TimeProvider.System);

    [Fact]
    public async Task A_task_becomes_a_design_and_the_design_becomes_files()
    {
        var designed = await DesignAsync("Build a bookmark service: Bookmark(title: string)");
        designed.Success.ShouldBeTrue(designed.Error);
        designed.Output!["markdown"]!.ToString().ShouldStartWith("# bookmark-service");

        var written = await WriteAsync(designed.Output);

        written.Success.ShouldBeTrue(written.Error);
        foreach (var file in written.Output!["files"]!.AsArray())
        {
            new FileInfo(Path.Combine(workspace, file!["path"]!.ToString())).Length.ShouldBe((int)file["bytes"]!);
        }
        progress.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Writing_twice_gives_the_same_files()
    {
        var design = (await DesignAsync("Note(text: text)")).Output!;

        var first = await WriteAsync(design);
        var second = await WriteAsync(design);

        second.Output!.ToJsonString().ShouldBe(first.Output!.ToJsonString());
    }

    [Fact]
    public async Task A_task_that_cannot_be_built_fails_with_the_reason()
    {
        (await DesignAsync("Note(text: prose)")).Error!.ShouldStartWith("Note.text: 'prose' is not a known type");
        (await new DesignServiceTool(chooser).RunAsync([], Context(), default)).Error!.ShouldContain("needs the task");
    }

    [Fact]
    public async Task An_unknown_language_or_a_broken_design_fails_with_the_reason()
    {
        var design = (await DesignAsync("Note(text: text)")).Output!;

        (await WriteAsync(design, "cobol")).Error.ShouldBe("language: 'cobol' has no templates. Allowed: csharp, javascript, python.");
        (await WriteAsync(new JsonObject())).Error!.ShouldStartWith("design:");
        Directory.EnumerateFileSystemEntries(workspace).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_that_leads_out_of_the_workspace_is_not_followed()
    {
        var outside = Directory.CreateTempSubdirectory("grace-outside-");
        Directory.CreateSymbolicLink(Path.Combine(workspace, "src"), outside.FullName);

        var written = await WriteAsync((await DesignAsync("Note(text: text)")).Output!);

        written.Error!.ShouldContain("leads out of the workspace");
        outside.EnumerateFileSystemInfos().ShouldBeEmpty();
        outside.Delete();
    }

    [Fact]
    public async Task Findings_of_research_are_carried_into_the_design()
    {
        var input = new JsonObject
        {
            ["task"] = "Note(text: text)",
            ["findings"] = new JsonObject
            {
                ["findings"] = new JsonArray(new JsonObject { ["quote"] = "Keep it in one file.", ["source"] = new JsonObject { ["title"] = "SQLite" } }),
            },
        };

        var designed = await new DesignServiceTool(chooser).RunAsync(input, Context(), default);

        designed.Output!["findings"]!.AsArray().Select(f => f!.ToString()).ShouldBe(["SQLite: Keep it in one file."]);
    }

    public void Dispose()
    {
        Directory.Delete(workspace, recursive: true);
        data.Dispose();
    }

    private Task<ToolResult> DesignAsync(string task) => new DesignServiceTool(chooser).RunAsync(new JsonObject { ["task"] = task }, Context(), default);

    private Task<ToolResult> WriteAsync(JsonNode design, string language = "csharp") =>
        new WriteServiceTool(ServiceTemplates.Shipped, chooser).RunAsync(new JsonObject { ["design"] = design.DeepClone(), ["language"] = language }, Context(), default);

    private ToolContext Context() => new("p-1", "implement", 1, workspace, progress.Add);
}
