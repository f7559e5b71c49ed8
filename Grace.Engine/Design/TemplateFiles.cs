using Grace.Engine.Hosting;

namespace Grace.Engine.Design;

/// <summary>A team's templates that cannot be used; the message names the file.</summary>
public sealed class BrokenTemplates(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The files of one folder of templates, shipped or a team's own.</summary>
/// <param name="Name">The folder's, in lower case: LANGUAGE-service, or LANGUAGE-SOMETHING-service for another way to write the language.</param>
/// <param name="Place">For messages: where they lie.</param>
/// <param name="Texts">By path inside the folder, with slashes.</param>
internal sealed record TemplateFiles(string Name, string Place, IReadOnlyDictionary<string, string> Texts)
{
    public const string Ending = "-service";
    private const string Root = "Playbooks/library/templates/";
    private const string Manifest = "/manifest.yaml";

    public static IEnumerable<TemplateFiles> Shipped() =>
        from manifest in Resources.Under(Root, Ending + Manifest)
        let place = manifest[..^(Manifest.Length - 1)]
        let files = Resources.Under(place, "").ToDictionary(name => name[place.Length..], Resources.Read)
        select new TemplateFiles(place[Root.Length..^1], place, files);

    /// <param name="folder">Holds such folders; it need not exist.</param>
    /// <exception cref="BrokenTemplates">A file cannot be read.</exception>
    public static IReadOnlyList<TemplateFiles> In(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder, "*" + Ending).Order(StringComparer.Ordinal).Select(Read)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BrokenTemplates($"{folder}: {e.Message}", e);
        }
    }

    /// <exception cref="BrokenTemplates">There is no such file.</exception>
    public string Text(string name) => Texts.GetValueOrDefault(name) ?? throw new BrokenTemplates($"{Place}: there is no {name}.");

    private static TemplateFiles Read(string place) => new(
        Path.GetFileName(place).ToLowerInvariant(),
        place,
        Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(place, file).Replace('\\', '/'), File.ReadAllText));
}
