namespace Grace.Engine.Hosting;

/// <summary>What ships inside the assembly (SQL, playbooks, templates, handbook), by its path in the source.</summary>
static class Resources
{
    static readonly System.Reflection.Assembly Here = typeof(Resources).Assembly;

    public static string Read(string path)
    {
        using var stream = Here.GetManifestResourceStream(path)
            ?? throw new InvalidOperationException($"Nothing ships as '{path}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public static IEnumerable<string> Under(string folder, string ending) =>
        Here.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal) && n.EndsWith(ending, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
