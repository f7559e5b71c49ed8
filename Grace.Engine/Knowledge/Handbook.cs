using Grace.Engine.Hosting;

namespace Grace.Engine.Knowledge;

/// <summary>The Markdown that ships inside the assembly.</summary>
internal static class Handbook
{
    private const string Prefix = "Knowledge/handbook/";

    /// <summary>File name and text of each chapter, by name.</summary>
    public static IReadOnlyList<(string Name, string Text)> Chapters() =>
        [.. Resources.Under(Prefix, ".md").Select(path => (path[Prefix.Length..], Resources.Read(path)))];
}
