using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HandlebarsDotNet;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Grace.Engine.Design;

/// <summary>One language's templates, compiled once. Files whose name begins with _ are partials.</summary>
internal sealed class TemplateFolder
{
    private const string Root = "Playbooks/library/templates/";
    private const string Manifests = "-service/manifest.yaml";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions OneLine = new(Readable) { WriteIndented = false };

    private readonly Dictionary<string, HandlebarsTemplate<object, object>> templates = [];

    private TemplateFolder(TemplateManifest manifest) => Manifest = manifest;

    public TemplateManifest Manifest { get; }

    public static IReadOnlyList<string> Languages() =>
    [
        .. Resources().Where(name => name.StartsWith(Root, StringComparison.Ordinal) && name.EndsWith(Manifests, StringComparison.Ordinal))
            .Select(name => name[Root.Length..^Manifests.Length]).Order(),
    ];

    public static TemplateFolder Open(string language)
    {
        var root = $"{Root}{language}-service/";
        var yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithEnforceRequiredMembers().Build();
        var folder = new TemplateFolder(yaml.Deserialize<TemplateManifest>(Text(root + "manifest.yaml")));

        // Escaping is for HTML; what is written here is code, and a template that quotes asks for json.
        var engine = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true, ThrowOnUnresolvedBindingExpression = true });
        AddHelpers(engine);
        foreach (var name in Resources().Where(n => n.StartsWith(root + "_", StringComparison.Ordinal)))
        {
            engine.RegisterTemplate(name[(root.Length + 1)..^".hbs".Length], Text(name));
        }
        foreach (var file in folder.Manifest.Files)
        {
            folder.templates[file.Template] = engine.Compile(Text(root + file.Template));
            folder.templates[file.Path] = engine.Compile(file.Path);
        }
        return folder;
    }

    public string Path(TemplateManifest.File file, object model) => templates[file.Path](model);

    public string Content(TemplateManifest.File file, object model) => templates[file.Template](model);

    private static void AddHelpers(IHandlebars engine)
    {
        engine.RegisterHelper("eq", (_, arguments) => Equals(arguments[0], arguments[1]));
        // A string literal in most languages, quotes included.
        engine.RegisterHelper("json", (output, _, arguments) => output.WriteSafeString(JsonSerializer.Serialize(arguments[0], OneLine)));
        engine.RegisterHelper("pretty", (output, _, arguments) => output.WriteSafeString(Pretty(arguments[0])));
        engine.RegisterHelper("indent", (output, _, arguments) => output.WriteSafeString(Indent(Pretty(arguments[1]), (int)arguments[0]!)));
        engine.RegisterHelper("sorted", (output, options, context, _) =>
            output.WriteSafeString(Lines(options.Template(), lines => lines.OrderBy(l => l.TrimEnd(';'), StringComparer.OrdinalIgnoreCase))));
        engine.RegisterHelper("trimmed", (output, options, context, _) => output.WriteSafeString(options.Template().TrimEnd() + "\n"));
    }

    private static string Pretty(object? value) => (value as JsonNode)?.ToJsonString(Readable) ?? "null";

    private static string Indent(string text, int by) => Lines(text, lines => lines.Select(l => new string(' ', by) + l)).TrimEnd('\n');

    private static string Lines(string text, Func<IEnumerable<string>, IEnumerable<string>> change) =>
        string.Concat(change(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(l => l + "\n"));

    private static string[] Resources() => typeof(TemplateFolder).Assembly.GetManifestResourceNames();

    private static string Text(string name)
    {
        using var stream = typeof(TemplateFolder).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The template {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
