namespace Grace.Engine.Knowledge;

/// <summary>The Markdown that ships inside the assembly.</summary>
internal static class Handbook
{
    private const string Prefix = "Knowledge/handbook/";

    /// <summary>File name and text of each chapter, by name.</summary>
    public static IReadOnlyList<(string Name, string Text)> Chapters()
    {
        var assembly = typeof(Handbook).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".md", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return (name[Prefix.Length..], reader.ReadToEnd());
            })];
    }
}
