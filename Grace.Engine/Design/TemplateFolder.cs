using Grace.Engine.Text;
using HandlebarsDotNet;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Grace.Engine.Design;

/// <summary>One folder of templates, compiled once. Files whose name begins with _ are partials of their folder.</summary>
internal sealed class TemplateFolder
{
    private const string ManifestFile = "manifest.yaml";

    private readonly TemplateFiles files;
    private readonly Func<string, TemplateFiles?> folders;
    private readonly Lazy<Dictionary<TemplateManifest.File, (HandlebarsTemplate<object, object> Path, HandlebarsTemplate<object, object> Text)>> templates;

    /// <param name="folders">Other folders by name, for files that a manifest takes from them.</param>
    /// <exception cref="BrokenTemplates">The manifest is missing, or is none.</exception>
    public TemplateFolder(TemplateFiles files, Func<string, TemplateFiles?> folders)
    {
        (this.files, this.folders) = (files, folders);
        Manifest = ReadManifest();
        templates = new(Compile);
    }

    public TemplateManifest Manifest { get; }

    /// <summary>Whether it is what the language is written in when no framework is asked for.</summary>
    public bool IsPlain => files.Name == Manifest.Language + TemplateFiles.Ending;

    /// <exception cref="BrokenTemplates">A template is missing or cannot be read.</exception>
    public void Check() => _ = templates.Value;

    /// <exception cref="BrokenTemplates">The template asks for what a design has not.</exception>
    public GeneratedFile Render(TemplateManifest.File file, object model)
    {
        try
        {
            var (path, text) = templates.Value[file];
            return new(path(model), text(model));
        }
        catch (Exception wrong) when (IsOfTemplate(wrong))
        {
            throw new BrokenTemplates($"{files.Place}, {file.Template}: {wrong.Message}", wrong);
        }
    }

    private TemplateManifest ReadManifest()
    {
        try
        {
            var yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithEnforceRequiredMembers().Build();
            var manifest = ForeignYaml.Told(() => yaml.Deserialize<TemplateManifest?>(files.Text(ManifestFile)));
            var missing = Enum.GetNames<FieldType>().Select(name => name.ToLowerInvariant()).Where(type => manifest?.Types.ContainsKey(type) != true).ToList();
            if (manifest is null || missing.Count > 0)
                throw new BrokenTemplates($"{files.Place}, {ManifestFile}: types says nothing about {string.Join(", ", missing)}.");
            if (manifest.Needs.FindIndex(need => need.Command.Count == 0) is >= 0 and var empty)
                throw new BrokenTemplates($"{files.Place}, {ManifestFile}: command {empty + 1} under needs is empty; it must be a list of words, the program first.");
            return files.Name.StartsWith(manifest.Language + "-", StringComparison.Ordinal)
                ? manifest
                : throw new BrokenTemplates($"{files.Place}, {ManifestFile}: language is '{manifest.Language}', so the folder must be named {manifest.Language}-service "
                    + $"or, for another way to write it, {manifest.Language}-SOMETHING-service; it is named {files.Name}.");
        }
        catch (YamlException broken)
        {
            throw new BrokenTemplates($"{files.Place}, {ManifestFile}:{broken.Start.Line}: {broken.InnerException?.Message ?? broken.Message}", broken);
        }
    }

    private Dictionary<TemplateManifest.File, (HandlebarsTemplate<object, object>, HandlebarsTemplate<object, object>)> Compile()
    {
        var engines = new Dictionary<string, IHandlebars>();
        var compiled = new Dictionary<TemplateManifest.File, (HandlebarsTemplate<object, object>, HandlebarsTemplate<object, object>)>();
        foreach (var file in Manifest.Files)
        {
            var source = file.From is null ? files
                : folders(file.From) ?? throw new BrokenTemplates($"{files.Place}, {ManifestFile}: {file.Template} is to come from {file.From}, and there is no such folder of templates.");
            if (!engines.TryGetValue(source.Name, out var engine))
                engines[source.Name] = engine = Engine(source);
            compiled[file] = (Try(files, ManifestFile, () => engine.Compile(file.Path)), Try(source, file.Template, () => engine.Compile(source.Text(file.Template))));
        }
        return compiled;
    }

    private static IHandlebars Engine(TemplateFiles source)
    {
        // Escaping is for HTML; what is written here is code, and a template that quotes asks for json.
        var engine = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true, ThrowOnUnresolvedBindingExpression = true });
        TemplateWords.AddTo(engine);
        foreach (var (name, text) in source.Texts.Where(file => file.Key.StartsWith('_') && file.Key.EndsWith(".hbs", StringComparison.Ordinal)))
        {
            Try(source, name, () =>
            {
                engine.RegisterTemplate(name[1..^".hbs".Length], text);
                return true;
            });
        }
        return engine;
    }

    private static T Try<T>(TemplateFiles source, string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (IsOfTemplate(wrong))
        {
            throw new BrokenTemplates($"{source.Place}, {file}: {wrong.Message}", wrong);
        }
    }

    /// <summary>A template is a program that somebody else wrote; the library throws whatever it runs into there.</summary>
    private static bool IsOfTemplate(Exception wrong) => wrong is not (BrokenTemplates or OutOfMemoryException);
}
