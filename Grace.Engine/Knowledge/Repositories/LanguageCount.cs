using System.Text;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>Programming languages by file name; data (JSON, YAML, XML) and prose are no measure of a code base.</summary>
internal static class LanguageCount
{
    private const int MostHeaders = 5000;

    private static readonly Dictionary<string, string> ByEnding = new(StringComparer.OrdinalIgnoreCase)
    {
        [".cs"] = "C#", [".fs"] = "F#", [".vb"] = "Visual Basic", [".razor"] = "Razor", [".cshtml"] = "Razor",
        [".ts"] = "TypeScript", [".tsx"] = "TypeScript", [".mts"] = "TypeScript", [".js"] = "JavaScript", [".jsx"] = "JavaScript",
        [".mjs"] = "JavaScript", [".cjs"] = "JavaScript", [".vue"] = "Vue", [".svelte"] = "Svelte",
        [".py"] = "Python", [".pyi"] = "Python", [".go"] = "Go", [".rs"] = "Rust", [".java"] = "Java", [".kt"] = "Kotlin",
        [".kts"] = "Kotlin", [".scala"] = "Scala", [".groovy"] = "Groovy", [".clj"] = "Clojure", [".swift"] = "Swift",
        [".m"] = "Objective-C", [".c"] = "C", [".h"] = "C", [".cc"] = "C++", [".cpp"] = "C++", [".cxx"] = "C++", [".hpp"] = "C++",
        [".rb"] = "Ruby", [".php"] = "PHP", [".pl"] = "Perl", [".lua"] = "Lua", [".r"] = "R", [".jl"] = "Julia", [".ex"] = "Elixir",
        [".exs"] = "Elixir", [".erl"] = "Erlang", [".hs"] = "Haskell", [".ml"] = "OCaml", [".dart"] = "Dart", [".zig"] = "Zig",
        [".sh"] = "Shell", [".bash"] = "Shell", [".ps1"] = "PowerShell", [".sql"] = "SQL", [".tf"] = "HCL", [".proto"] = "Protobuf",
        [".html"] = "HTML", [".htm"] = "HTML", [".css"] = "CSS", [".scss"] = "SCSS", [".less"] = "Less",
    };

    public static IReadOnlyList<LanguageShare> Of(SourceTree tree, CancellationToken cancel)
    {
        var counts = new Dictionary<string, (int Files, long Bytes, long Lines)>(StringComparer.Ordinal);
        int binary = 0, minified = 0;
        var unread = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in tree.Files)
        {
            cancel.ThrowIfCancellationRequested();
            if (Name(file) is not { } language) continue;
            if (file.Name.Contains(".min.", StringComparison.OrdinalIgnoreCase))
            {
                minified++;
                continue;
            }
            var (bytes, why) = tree.Count(file);
            if (why is not null) unread[why] = unread.GetValueOrDefault(why) + 1;
            if (bytes is not null && FileText.Of(bytes, out _) is null)
            {
                binary++;
                continue;
            }
            if (bytes is not null && tree.Headers.Count < MostHeaders && LicenseText.Identifier(Encoding.UTF8.GetString(bytes, 0, Math.Min(bytes.Length, 1000))) is { } license)
                tree.Headers.Add(new(file.Path, license));
            var (files, total, lines) = counts.GetValueOrDefault(language);
            counts[language] = (files + 1, total + file.Bytes, lines + Lines(bytes));
        }
        foreach (var (why, count) in unread) tree.Leave("source files", count, $"{why}: counted by size, their lines are not.");
        tree.Leave("source files", binary, "They are binary in spite of their names.");
        tree.Leave("minified files", minified, "They are generated.");

        var all = Math.Max(1, counts.Values.Sum(count => count.Bytes));
        return [.. counts
            .Select(count => new LanguageShare(
                count.Key, count.Value.Files, count.Value.Bytes, count.Value.Lines, Math.Round((double)count.Value.Bytes / all, 4)))
            .OrderByDescending(share => share.Bytes).ThenBy(share => share.Language, StringComparer.Ordinal)];
    }

    private static string? Name(SourceFile file) => file.Name switch
    {
        "Dockerfile" or "Containerfile" => "Dockerfile",
        "Makefile" or "GNUmakefile" => "Makefile",
        _ => ByEnding.GetValueOrDefault(Path.GetExtension(file.Name)),
    };

    /// <summary>A last line without a line end counts.</summary>
    private static long Lines(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 0 ? 0 : bytes.Count((byte)'\n') + (bytes[^1] == (byte)'\n' ? 0 : 1);
}
