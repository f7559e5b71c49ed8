namespace Grace.Engine.Design;

/// <param name="Path">Relative to the repository's root, with slashes.</param>
public sealed record GeneratedFile(string Path, string Content);

/// <summary>
/// Writes a design out as code. A language is a folder of templates with a manifest, LANGUAGE-service, and each further
/// framework of it another one, LANGUAGE-SOMETHING-service; a new one needs no code here.
/// </summary>
public sealed class ServiceTemplates
{
    private readonly SortedDictionary<string, TemplateFolder> folders = new(StringComparer.Ordinal);

    /// <param name="own">A team's folder of such folders, which add to the shipped ones or take their place by name; it need not exist.</param>
    /// <exception cref="BrokenTemplates">A team's templates cannot be used; the message names the file.</exception>
    public ServiceTemplates(string? own = null)
    {
        var shipped = TemplateFiles.Shipped().ToDictionary(files => files.Name);
        var added = (own is null ? [] : TemplateFiles.In(own)).ToDictionary(files => files.Name);
        foreach (var (name, files) in shipped) folders[name] = new TemplateFolder(files, shipped.GetValueOrDefault);
        foreach (var (name, files) in added)
        {
            // Now rather than in the first pipeline that wants the language.
            (folders[name] = new TemplateFolder(files, other => added.GetValueOrDefault(other) ?? shipped.GetValueOrDefault(other))).Check();
        }
    }

    /// <summary>Those that come with Grace.</summary>
    public static ServiceTemplates Shipped { get; } = new();

    /// <summary>In lower case, each with the frameworks that its templates can be said to use, the plain ones first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Languages =>
        folders.Values.GroupBy(folder => folder.Manifest.Language).ToDictionary(language => language.Key, IReadOnlyList<string> (language) => Frameworks(language.Key));

    /// <summary>The same design gives the same files, byte for byte.</summary>
    /// <param name="language">In any casing.</param>
    /// <param name="framework">What the task asks for, in any casing; null where it leaves that open.</param>
    /// <exception cref="TaskRefusedException">Language or framework have no templates, or the design uses names that cannot be.</exception>
    /// <exception cref="BrokenTemplates">A team's template asks for what a design has not.</exception>
    public IReadOnlyList<GeneratedFile> Render(ServiceDesign design, string language, string? framework = null)
    {
        var folder = Find(language, framework);
        NameRules.Check(design);

        var service = TemplateModel.Of(design, folder.Manifest);
        var resources = (IEnumerable<object?>)service["resources"]!;
        return [.. folder.Manifest.Files.SelectMany(file => (file.Each == "resource" ? resources : [service]).Select(model => folder.Render(file, model!)))];
    }

    /// <summary>The templates that a language and a framework mean; without a framework, the language's plain ones.</summary>
    /// <exception cref="TaskRefusedException">There are none.</exception>
    internal TemplateFolder Find(string language, string? framework)
    {
        var its = Of(language);
        if (its.Count == 0)
            throw new TaskRefusedException("language", Declaration.Shorten(language), "has no templates", string.Join(", ", Languages.Keys.Order(StringComparer.Ordinal)));
        return its.FirstOrDefault(folder => framework is null || folder.Manifest.Frameworks.Contains(framework, StringComparer.OrdinalIgnoreCase))
            ?? throw new TaskRefusedException("framework", Declaration.Shorten(framework!), $"has no templates for {language}", string.Join(", ", Frameworks(language)));
    }

    /// <summary>A language's folders, the plain one first.</summary>
    private List<TemplateFolder> Of(string language) =>
        [.. folders.Values.Where(folder => folder.Manifest.Language == language.ToLowerInvariant()).OrderByDescending(folder => folder.IsPlain)];

    private List<string> Frameworks(string language) => [.. Of(language).SelectMany(folder => folder.Manifest.Frameworks).Distinct(StringComparer.OrdinalIgnoreCase)];
}
