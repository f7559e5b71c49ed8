using System.Collections.Concurrent;

namespace Grace.Engine.Design;

/// <param name="Path">Relative to the repository's root, with slashes.</param>
public sealed record GeneratedFile(string Path, string Content);

/// <summary>
/// Writes a design out as code. A language is a folder of templates with a manifest, LANGUAGE-service; a new one
/// needs no code here.
/// </summary>
public static class ServiceTemplates
{
    private static readonly ConcurrentDictionary<string, TemplateFolder> Opened = new();

    public static IReadOnlyList<string> Languages { get; } = TemplateFolder.Languages();

    /// <summary>The same design gives the same files, byte for byte.</summary>
    /// <exception cref="TaskRefusedException">The language has no templates, or the design uses names that cannot be.</exception>
    public static IReadOnlyList<GeneratedFile> Render(ServiceDesign design, string language)
    {
        if (!Languages.Contains(language)) throw new TaskRefusedException("language", Declaration.Shorten(language), "has no templates", string.Join(", ", Languages));
        NameRules.Check(design);

        var folder = Opened.GetOrAdd(language, TemplateFolder.Open);
        var service = TemplateModel.Of(design, folder.Manifest);
        var resources = (IEnumerable<object?>)service["resources"]!;
        return
        [
            .. folder.Manifest.Files.SelectMany(file => (file.Each == "resource" ? resources : [service])
                .Select(model => new GeneratedFile(folder.Path(file, model!), folder.Content(file, model!)))),
        ];
    }
}
