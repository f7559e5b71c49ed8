using HandlebarsDotNet;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Grace.Engine.Design;

/// <summary>One language's templates, compiled once. Files whose name begins with _ are partials.</summary>
internal sealed class TemplateFolder
{
    private const string ManifestFile = "manifest.yaml";

    private readonly TemplateFiles files;
    private readonly Lazy<Dictionary<string, HandlebarsTemplate<object, object>>> templates;

    /// <exception cref="BrokenTemplates">The manifest is missing, or is none.</exception>
    public TemplateFolder(TemplateFiles files)
    {
        this.files = files;
        Manifest = ReadManifest();
        templates = new(Compile);
    }

    public TemplateManifest Manifest { get; }

    /// <exception cref="BrokenTemplates">A template is missing or cannot be read.</exception>
    public void Check() => _ = templates.Value;

    /// <exception cref="BrokenTemplates">The template asks for what a design has not.</exception>
    public GeneratedFile Render(TemplateManifest.File file, object model)
    {
        try
        {
            return new(templates.Value[file.Path](model), templates.Value[file.Template](model));
        }
        catch (HandlebarsException wrong)
        {
            throw new BrokenTemplates($"{files.Place}, {file.Template}: {wrong.Message}", wrong);
        }
    }

    private TemplateManifest ReadManifest()
    {
        try
        {
            var yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithEnforceRequiredMembers().Build();
            var manifest = yaml.Deserialize<TemplateManifest?>(Text(ManifestFile));
            var missing = Enum.GetNames<FieldType>().Select(name => name.ToLowerInvariant()).Where(type => manifest?.Types.ContainsKey(type) != true).ToList();
            if (manifest is null || missing.Count > 0)
                throw new BrokenTemplates($"{files.Place}, {ManifestFile}: types says nothing about {string.Join(", ", missing)}.");
            return manifest.Language == files.Language
                ? manifest
                : throw new BrokenTemplates($"{files.Place}, {ManifestFile}: language is '{manifest.Language}', but by the folder's name it is {files.Language}.");
        }
        catch (YamlException broken)
        {
            throw new BrokenTemplates($"{files.Place}, {ManifestFile}:{broken.Start.Line}: {broken.InnerException?.Message ?? broken.Message}", broken);
        }
    }

    private Dictionary<string, HandlebarsTemplate<object, object>> Compile()
    {
        // Escaping is for HTML; what is written here is code, and a template that quotes asks for json.
        var engine = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true, ThrowOnUnresolvedBindingExpression = true });
        TemplateWords.AddTo(engine);
        foreach (var (name, text) in files.Texts.Where(file => file.Key.StartsWith('_') && file.Key.EndsWith(".hbs", StringComparison.Ordinal)))
        {
            Try(name, () => engine.RegisterTemplate(name[1..^".hbs".Length], text));
        }

        var compiled = new Dictionary<string, HandlebarsTemplate<object, object>>();
        foreach (var file in Manifest.Files)
        {
            Try(file.Template, () => compiled[file.Template] = engine.Compile(Text(file.Template)));
            Try(ManifestFile, () => compiled[file.Path] = engine.Compile(file.Path));
        }
        return compiled;
    }

    private void Try(string file, Action read)
    {
        try
        {
            read();
        }
        catch (HandlebarsException wrong)
        {
            throw new BrokenTemplates($"{files.Place}, {file}: {wrong.Message}", wrong);
        }
    }

    private string Text(string name) => files.Texts.GetValueOrDefault(name) ?? throw new BrokenTemplates($"{files.Place}: there is no {name}.");
}
