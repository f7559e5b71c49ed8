using System.Net;
using System.Text;
using Grace.Engine.Playbooks;
using Grace.Engine.Postgres;
using Grace.Engine.Tools;

namespace Grace.Tests.Playbooks;

/// <summary>Anybody may have written a playbook: reading it ends in a playbook or in problems with their lines, whatever it holds.</summary>
public class ForeignPlaybookTests
{
    const string Begin = "id: x\nversion: 1\ndescription: d\n";
    static readonly PlaybookSources Sources = new([], "", new ToolBox([]));

    [Theory]
    [InlineData(Begin + "steps:\n  - id: a\n    tool: t\n    with: { path: {{name}} }\n", 7, "a key here is no text")]
    [InlineData(Begin + "? [a, b]\n: c\n", 4, "a key here is no text")]
    [InlineData(Begin + "inputs: &a { properties: *a }\n", 4, "")]
    [InlineData(Begin + "guidance: [x]\n", 4, "'guidance' is a text")]
    [InlineData(Begin + "lessons: [{ a: b }]\n", 4, "'lessons' is a list of texts")]
    [InlineData(Begin + "id: y\n", 4, "")]
    [InlineData("id: [\n", 2, "")]
    [InlineData("- a\n", 1, "a playbook is one YAML mapping")]
    [InlineData("id: a\n---\nid: b\n", 1, "a playbook is one YAML mapping")]
    [InlineData("", 1, "a playbook is one YAML mapping")]
    [InlineData("id: \"a\\0b\"\n", 1, "")]
    [InlineData("id: !!binary AAAA\nversion: !!float .nan\n", 1, "")]
    [InlineData(Begin + "steps:\n  - id: a\n    tool: t\n    optional: True\n", 7, "optional is 'True'; allowed are true, false")]
    [InlineData(Begin + "inputs: { $ref: 'http://127.0.0.1:1/s.json' }\n", 4, "refers to 'http://127.0.0.1:1/s.json'")]
    [InlineData(Begin + "outputs: { properties: { a: { allOf: [{ $ref: 'other.json' }] } } }\n", 4, "refers to 'other.json'")]
    public void A_broken_one_is_told_by_its_line(string yaml, long line, string says)
    {
        var (_, problems) = Sources.Check(yaml, "x.yaml", PlaybookSource.Repository, []);
        var problem = problems[0];
        problem.Message.ShouldContain(says);
        problem.Line.ShouldBe(line, problem.Message);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Depth_ends_no_process(string open) =>
        Sources.Check(Begin + "guidance: " + string.Concat(Enumerable.Repeat(open, 60_000)), "x.yaml", PlaybookSource.Repository, []).Problems.ShouldNotBeEmpty();

    [Fact]
    public void Anchors_make_no_giant()
    {
        var bomb = new StringBuilder(Begin + "inputs:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 10; i++)
            bomb.Append($"  a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Sources.Check(bomb.ToString(), "x.yaml", PlaybookSource.Repository, []).Problems.ShouldHaveSingleItem().Message.ShouldContain("more than");
    }

    [Fact]
    public async Task A_reference_elsewhere_is_never_followed()
    {
        using var listener = new HttpListener();
        var port = Ports.Free();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var asked = listener.GetContextAsync();
        Sources.Check(Begin + $"inputs: {{ $ref: 'http://127.0.0.1:{port}/s.json' }}\n", "x.yaml", PlaybookSource.Api, []).Problems.ShouldNotBeEmpty();
        await Task.Yield();
        asked.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void A_reference_within_is_fine() =>
        PlaybookReader.Read(Begin + "inputs: { definitions: { n: { type: integer } }, properties: { a: { $ref: '#/definitions/n' } } }\nsteps: [{ id: a, prompt: p }]\n", "x.yaml").Inputs.Count.ShouldBe(2);
}
