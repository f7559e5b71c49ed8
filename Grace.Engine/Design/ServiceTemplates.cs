namespace Grace.Engine.Design;

/// <param name="Path">Relative to the repository's root, with slashes.</param>
public sealed record GeneratedFile(string Path, string Content);

/// <summary>
/// Writes a design out as code. A language is a folder of templates with a manifest, LANGUAGE-service; a new one
/// needs no code here.
/// </summary>
public sealed class ServiceTemplates
{
    private readonly SortedDictionary<string, TemplateFolder> folders = new(StringComparer.Ordinal);

    /// <param name="own">A team's folder of such folders, which add languages or take the place of shipped ones; it need not exist.</param>
    /// <exception cref="BrokenTemplates">A team's templates cannot be used; the message names the file.</exception>
    public ServiceTemplates(string? own = null)
    {
        foreach (var files in TemplateFiles.Shipped()) folders[files.Language] = new TemplateFolder(files);
        foreach (var files in own is null ? [] : TemplateFiles.In(own))
        {
            // Now rather than in the first pipeline that wants the language.
            (folders[files.Language] = new TemplateFolder(files)).Check();
        }
    }

    /// <summary>Those that come with Grace.</summary>
    public static ServiceTemplates Shipped { get; } = new();

    /// <summary>In lower case, each with the frameworks that its templates can be said to use.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Languages =>
        folders.ToDictionary(folder => folder.Key, IReadOnlyList<string> (folder) => folder.Value.Manifest.Frameworks);

    /// <summary>The same design gives the same files, byte for byte.</summary>
    /// <param name="language">In any casing.</param>
    /// <param name="framework">What the task asks for, in any casing; null where it leaves that open.</param>
    /// <exception cref="TaskRefusedException">Language or framework have no templates, or the design uses names that cannot be.</exception>
    /// <exception cref="BrokenTemplates">A team's template asks for what a design has not.</exception>
    public IReadOnlyList<GeneratedFile> Render(ServiceDesign design, string language, string? framework = null)
    {
        if (!folders.TryGetValue(language.ToLowerInvariant(), out var folder))
            throw new TaskRefusedException("language", Declaration.Shorten(language), "has no templates", string.Join(", ", folders.Keys));
        if (framework is not null && !folder.Manifest.Frameworks.Contains(framework, StringComparer.OrdinalIgnoreCase))
            throw new TaskRefusedException("framework", Declaration.Shorten(framework), $"has no templates for {language}", string.Join(", ", folder.Manifest.Frameworks));
        NameRules.Check(design);

        var service = TemplateModel.Of(design, folder.Manifest);
        var resources = (IEnumerable<object?>)service["resources"]!;
        return [.. folder.Manifest.Files.SelectMany(file => (file.Each == "resource" ? resources : [service]).Select(model => folder.Render(file, model!)))];
    }
}
