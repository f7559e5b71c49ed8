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
            .Select(file => (file, CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(Root, file))).GetRoot()))];

    [Fact]
    public void No_file_is_longer_than_300_lines() =>
        Sources.Where(s => s.Tree.SyntaxTree.GetText().Lines.Count > MostLines).Select(s => s.Path).ShouldBeEmpty();

    [Theory]
    [InlineData("Grace.Engine/Log/", "Grace.Engine.Pipelines", "Grace.Engine.Jobs", "Grace.Engine.Phases", "Grace.Engine.Guardian")]
    [InlineData("Grace.Engine/Pipelines/", "Grace.Engine.Jobs", "Grace.Engine.Phases", "Grace.Engine.Tools", "Grace.Engine.Workspaces", "Grace.Engine.Guardian")]
    [InlineData("Grace.Engine/Playbooks/", "Grace.Engine.Jobs", "Grace.Engine.Phases")]
    [InlineData("Grace.Engine/Tools/", "Grace.Engine.Jobs", "Grace.Engine.Phases", "Grace.Engine.Playbooks")]
    [InlineData("Grace.Engine/", "Grace.Web")]
    public void Arrows_run_one_way(string folder, params string[] forbidden) =>
        Sources.Where(s => s.Path.StartsWith(folder, StringComparison.Ordinal))
            .SelectMany(s => s.Tree.DescendantNodes().OfType<UsingDirectiveSyntax>().Select(u => $"{s.Path}: {u.Name}"))
            .Where(use => forbidden.Any(f => use.EndsWith(": " + f, StringComparison.Ordinal) || use.Contains($": {f}.", StringComparison.Ordinal)))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("Pipeline.cs")]
    [InlineData("PipelineDecider.cs")]
    [InlineData("GuardianDecisions.cs")]
    [InlineData("ProofGate.cs")]
    [InlineData("SubmissionRules.cs")]
    [InlineData("Cluster.cs", "Learning")]
    [InlineData("DistinctCount.cs", "Learning")]
    [InlineData("FailureCauses.cs", "Learning")]
    [InlineData("FailureCodes.cs", "Learning")]
    [InlineData("FailureMessage.cs", "Learning")]
    [InlineData("FailureSignature.cs", "Learning")]
    [InlineData("FailureSighting.cs", "Learning")]
    [InlineData("QuotedValue.cs", "Learning")]
    [InlineData("Recurrence.cs", "Learning")]
    [InlineData("TellingLine.cs", "Learning")]
    [InlineData("Triage.cs", "Learning")]
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

    static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
