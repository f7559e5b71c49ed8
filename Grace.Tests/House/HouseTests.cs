using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grace.Tests.House;

/// <summary>The house rules, read off the source with Roslyn.</summary>
public class HouseTests
{
    const int MostLines = 300;

    internal static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "../.."));

    static readonly List<(string Path, SyntaxNode Tree)> Sources =
        [.. new[] { "Grace.Engine", "Grace.Web", "Grace.Tests" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Root, project), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/") && !file.Contains("/bin/"))
            .Select(file => (file, CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(Root, file)), path: file).GetRoot()))];

    [Fact]
    public void No_file_is_longer_than_300_lines() =>
        Sources.Where(s => s.Tree.SyntaxTree.GetText().Lines.Count > MostLines).Select(s => s.Path).ShouldBeEmpty();

    [Fact]
    public void The_engines_folders_point_one_way()
    {
        var arrows = FolderGraph.Of("Grace.Engine", Sources.Where(s => s.Path.StartsWith("Grace.Engine/", StringComparison.Ordinal)).Select(s => (s.Path, s.Tree.SyntaxTree)));
        arrows.Count.ShouldBeGreaterThan(50, "the compiler understood the sources");
        FolderGraph.Circles(arrows).ShouldBeEmpty();
        arrows.Where(a => a.To == FolderGraph.Root).ShouldBeEmpty("the root composes the folders, and none of them knows it");
    }

    [Fact]
    public void A_circle_between_folders_is_found() =>
        FolderGraph.Circles([new("A", "B", "a"), new("B", "C", "b"), new("C", "A", "c"), new("C", "D", "d")]).ShouldBe(["A -> B (a)", "B -> C (b)", "C -> A (c)"]);

    [Fact]
    public void The_engine_knows_nothing_of_the_web() =>
        Sources.Where(s => s.Path.StartsWith("Grace.Engine/", StringComparison.Ordinal))
            .SelectMany(s => s.Tree.DescendantNodes().OfType<UsingDirectiveSyntax>().Select(u => $"{s.Path}: {u.Name}"))
            .Where(use => use.Contains(": Grace.Web", StringComparison.Ordinal)).ShouldBeEmpty();

    [Theory]
    [InlineData("Pipeline.cs")]
    [InlineData("PipelineDecider.cs")]
    [InlineData("GuardianDecisions.cs")]
    [InlineData("ProofGate.cs")]
    [InlineData("SubmissionRules.cs")]
    [InlineData("Cluster.cs", "Failures")]
    [InlineData("DistinctCount.cs", "Failures")]
    [InlineData("FailureCauses.cs", "Failures")]
    [InlineData("FailureCodes.cs", "Failures")]
    [InlineData("FailureMessage.cs", "Failures")]
    [InlineData("FailureSignature.cs", "Failures")]
    [InlineData("FailureSighting.cs", "Failures")]
    [InlineData("QuotedValue.cs", "Failures")]
    [InlineData("Recurrence.cs", "Learning")]
    [InlineData("TellingLine.cs", "Failures")]
    [InlineData("Triage.cs", "Failures")]
    public void The_pure_core_knows_no_clock_no_chance_and_no_io(string file, string folder = "Pipelines")
    {
        string[] impure = ["Npgsql", "TimeProvider", "Guid", "Random", "File", "Directory", "HttpClient", "Task", "Console", "Environment"];
        Sources.Single(s => s.Path == $"Grace.Engine/{folder}/{file}").Tree.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            .Select(m => m.Expression.ToString()).Where(impure.Contains).ShouldBeEmpty();
    }

    [Fact]
    public void Types_are_named_for_what_they_are() =>
        Sources.SelectMany(s => s.Tree.DescendantNodes().OfType<TypeDeclarationSyntax>().Select(t => t.Identifier.Text))
            .Where(name => name.EndsWith("Helper", StringComparison.Ordinal) || name.EndsWith("Manager", StringComparison.Ordinal)
                || name.EndsWith("Repository", StringComparison.Ordinal) || name.EndsWith("Service", StringComparison.Ordinal) || name.EndsWith("Utils", StringComparison.Ordinal))
            .ShouldBeEmpty();

    /// <summary>A page that is just drawing itself takes an event later: only a test that awaits it sees what came of it.</summary>
    [Fact]
    public void Tests_await_what_they_do_to_a_page()
    {
        string[] bare = ["Blur", "Change", "Click", "DoubleClick", "Focus", "FocusOut", "Input", "KeyDown", "KeyUp", "Submit", "Toggle"];
        Sources.Where(s => s.Tree.DescendantNodes().OfType<UsingDirectiveSyntax>().Any(u => u.Name?.ToString() == "Bunit"))
            .SelectMany(s => s.Tree.DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(i => i.Expression is MemberAccessExpressionSyntax member && bare.Contains(member.Name.Identifier.Text))
                .Select(i => $"{s.Path}: {i}"))
            .ShouldBeEmpty();
    }

    static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
