namespace Grace.Engine.Knowledge.Repositories;

/// <summary>What a go.mod requires.</summary>
internal static class GoModule
{
    public static IEnumerable<Dependency> Dependencies(SourceFile file, string text)
    {
        var inside = false;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (line.StartsWith("require (", StringComparison.Ordinal) || line == "require(") inside = true;
            else if (line == ")") inside = false;
            else if (inside || line.StartsWith("require ", StringComparison.Ordinal))
            {
                var comment = line.IndexOf("//", StringComparison.Ordinal);
                var parts = (comment < 0 ? line : line[..comment]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (!inside) parts = parts[1..];
                if (parts.Length == 2)
                    yield return new Dependency(
                        "go", parts[0].Trim('"'), parts[1], line.EndsWith("// indirect", StringComparison.Ordinal) ? "indirect" : "runtime", file.Path);
            }
        }
    }
}
