using System.Collections.Concurrent;

namespace Grace.Engine.Knowledge;

/// <summary>The statements of <c>Knowledge/Sql</c>, by file name without its ending.</summary>
internal static class KnowledgeSql
{
    private static readonly ConcurrentDictionary<string, string> Read = new();

    public static string Text(string name) => Read.GetOrAdd(name, static key =>
    {
        var resource = $"Knowledge/Sql/{key}.sql";
        using var stream = typeof(KnowledgeSql).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The assembly does not carry {resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });
}
