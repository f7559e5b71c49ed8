using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grace.Tests.House;

/// <param name="For">One use that makes the arrow, as FILE uses TYPE.</param>
sealed record Arrow(string From, string To, string For);

/// <summary>Which folder of a project uses types of which other, as the compiler understands its sources.</summary>
static class FolderGraph
{
    /// <summary>The project's own folder.</summary>
    public const string Root = ".";

    const string Implicit = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    public static List<Arrow> Of(string project, IEnumerable<(string Path, SyntaxTree Tree)> sources)
    {
        var folders = sources.ToDictionary(s => s.Tree, s => Folder(s.Path));
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => !Path.GetFileName(file).StartsWith("Grace.", StringComparison.Ordinal)).Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create(project, [.. folders.Keys, CSharpSyntaxTree.ParseText(Implicit)], platform);
        Dictionary<(string, string), Arrow> arrows = [];
        foreach (var (tree, from) in folders)
        {
            var meaning = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
                if (meaning.GetSymbolInfo(name).Symbol is { } symbol and not INamespaceSymbol && (symbol as INamedTypeSymbol ?? symbol.ContainingType) is { } type)
                    foreach (var declared in type.OriginalDefinition.DeclaringSyntaxReferences)
                        if (folders.TryGetValue(declared.SyntaxTree, out var to) && to != from)
                            arrows.TryAdd((from, to), new(from, to, $"{Path.GetFileName(tree.FilePath)} uses {type.Name}"));
        }
        return [.. arrows.Values];

        static string Folder(string path) => path.Split('/') is { Length: > 2 } parts ? parts[1] : Root;
    }

    /// <summary>The arrows that lie on a circle, in words; none where all point one way.</summary>
    public static IEnumerable<string> Circles(IReadOnlyCollection<Arrow> arrows)
    {
        var left = arrows.ToList();
        // What nothing points at, or what points at nothing, lies on no circle.
        while (left.RemoveAll(a => left.All(other => other.To != a.From) || left.All(other => other.From != a.To)) > 0)
        {
        }
        return left.Select(a => $"{a.From} -> {a.To} ({a.For})").Order(StringComparer.Ordinal);
    }
}
