using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Grace.Engine.Playbooks;

/// <summary>A playbook that cannot be used, with file and line.</summary>
public sealed class PlaybookInvalid(string file, long line, string problem) : Exception($"{file}:{line}: {problem}")
{
    public long Line { get; } = line;

    public string Problem { get; } = problem;
}

/// <summary>Reads a playbook from YAML and refuses what it does not know, by file and line.</summary>
public static partial class PlaybookReader
{
    public const int LongestText = 256 * 1024;
    const int MostNodes = 20_000;
    const int Deepest = 50;

    static readonly string[] Keys =
        ["id", "version", "phase", "description", "suits", "inputs", "outputs", "steps", "artifacts", "expect", "guidance", "lessons"];
    static readonly string[] StepKeys = ["id", "tool", "playbook", "prompt", "each", "with", "when", "optional", "retry", "time_limit_seconds"];

    [GeneratedRegex("^[a-z][a-z0-9_]{0,63}$")]
    private static partial Regex Name();

    /// <exception cref="PlaybookInvalid">The text is no playbook.</exception>
    public static Playbook Read(string yaml, string file, string source = PlaybookSource.Shipped)
    {
        var root = Root(yaml, file);
        Only(root, Keys, file);
        var (id, phase) = (Required(root, "id", file), Text(root, "phase", file));
        if (!Name().IsMatch(id))
            throw Wrong(root, "id", file, $"id is '{id}'; allowed are lower-case letters, digits and _, beginning with a letter, 64 at most");
        if (phase is not null && PhaseOrder.Parse(phase) is null)
            throw Wrong(root, "phase", file, $"phase is '{phase}'; allowed are {string.Join(", ", PhaseOrder.All.Select(p => p.Name()))}");
        return new(
            id, Whole(root, "version", file, 1, 1_000_000) ?? throw new PlaybookInvalid(file, root.Start.Line, "'version' is missing"),
            PhaseOrder.Parse(phase), Required(root, "description", file).Trim(), Schema(root, "inputs", file),
            [.. Items(root, "steps", file).Select(step => Step(step, file))],
            [.. Items(root, "artifacts", file).Select(a => Artifact(a, file))],
            [.. Items(root, "expect", file).Select(e => Expectation(e, file))])
        {
            Suits = Text(root, "suits", file),
            Outputs = Schema(root, "outputs", file),
            Guidance = Text(root, "guidance", file)?.Trim(),
            Lessons = [.. Texts(root, "lessons", file)],
            Text = yaml,
            File = Path.GetFileName(file),
            Hash = Content.Of(Encoding.UTF8.GetBytes(yaml)).Hash,
            Source = source,
        };
    }

    /// <summary>A text's one mapping, bounded in depth and size, so that what calls itself may look at it.</summary>
    /// <exception cref="PlaybookInvalid">It is none.</exception>
    internal static YamlMappingNode Root(string yaml, string file)
    {
        if (yaml.Length > LongestText)
            throw new PlaybookInvalid(file, 1, $"it has {yaml.Length} characters; allowed are {LongestText}");
        if (Storable.Objection(yaml) is { } why)
            throw new PlaybookInvalid(file, 1, $"it {why}");
        var stream = new YamlStream();
        try
        {
            ForeignYaml.Told(() =>
            {
                Bound(yaml, file);
                stream.Load(new StringReader(yaml));
                return true;
            });
        }
        catch (YamlException broken)
        {
            throw new PlaybookInvalid(file, Math.Max(1, broken.Start.Line), broken.InnerException?.Message ?? broken.Message);
        }
        if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
            throw new PlaybookInvalid(file, 1, "a playbook is one YAML mapping");
        var nodes = 0;
        Count(root, file, 0, ref nodes);
        return root;
    }

    /// <summary>Before anything that calls itself looks at it: the stack has an end.</summary>
    static void Bound(string yaml, string file)
    {
        var (depth, parser) = (0, new Parser(new StringReader(yaml)));
        while (parser.MoveNext())
            if ((depth += parser.Current is MappingStart or SequenceStart ? 1 : parser.Current is MappingEnd or SequenceEnd ? -1 : 0) > Deepest)
                throw new PlaybookInvalid(file, parser.Current!.Start.Line, $"it is nested deeper than {Deepest}");
    }

    /// <summary>The tree as it would be written out: anchors can make a small file a giant, or a part of itself. Keys are texts.</summary>
    static void Count(YamlNode node, string file, int depth, ref int nodes)
    {
        if (++nodes > MostNodes)
            throw new PlaybookInvalid(file, 1, $"it has more than {MostNodes} nodes");
        if (depth > Deepest)
            throw new PlaybookInvalid(file, node.Start.Line, "it holds itself, or is nested too deep");
        if (node is YamlMappingNode map)
            foreach (var (key, value) in map.Children)
                if (key is YamlScalarNode { Value.Length: > 0 })
                    Count(value, file, depth + 1, ref nodes);
                else
                    throw new PlaybookInvalid(file, key.Start.Line, "a key here is no text; quote values that begin with { or [, such as \"{{name}}\"");
        foreach (var item in (node as YamlSequenceNode)?.Children ?? [])
            Count(item, file, depth + 1, ref nodes);
    }

    static PlaybookStep Step(YamlMappingNode step, string file)
    {
        Only(step, StepKeys, file);
        var (id, tool, playbook, prompt) = (Required(step, "id", file), Text(step, "tool", file), Text(step, "playbook", file), Text(step, "prompt", file));
        if (new[] { tool, playbook, prompt }.Count(given => given is not null) != 1)
            throw new PlaybookInvalid(file, step.Start.Line, $"step '{id}' needs either a tool, a playbook or a prompt");
        if (!Name().IsMatch(id))
            throw Wrong(step, "id", file, $"step id is '{id}'; allowed are lower-case letters, digits and _");
        var retry = Child(step, "retry") switch
        {
            null => null,
            YamlMappingNode map => map,
            var other => throw new PlaybookInvalid(file, other.Start.Line, "retry is a mapping: attempts (1 to 10) and delay_seconds (0 to 300)"),
        };
        if (retry is not null)
            Only(retry, ["attempts", "delay_seconds"], file);
        return new(id, tool, Object(step, "with", file), Text(step, "when", file), Flag(step, "optional", file), playbook, Text(step, "each", file))
        {
            Prompt = prompt,
            Attempts = retry is null ? 1 : Whole(retry, "attempts", file, 1, 10) ?? 2,
            Delay = TimeSpan.FromSeconds(retry is null ? 0 : Whole(retry, "delay_seconds", file, 0, 300) ?? 0),
            TimeLimit = Whole(step, "time_limit_seconds", file, 1, 3600) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Line = step.Start.Line,
        };
    }

    static PlaybookArtifact Artifact(YamlMappingNode artifact, string file)
    {
        Only(artifact, ["type", "content", "when"], file);
        return new(Required(artifact, "type", file), Required(artifact, "content", file), Text(artifact, "when", file));
    }

    static PlaybookExpectation Expectation(YamlMappingNode expect, string file)
    {
        Only(expect, ["that", "otherwise"], file);
        return new(Required(expect, "that", file), Required(expect, "otherwise", file));
    }

    static JsonObject Schema(YamlMappingNode root, string key, string file)
    {
        var schema = Object(root, key, file);
        return JsonSchemas.WhyNoSchema(schema) is { } why ? throw Wrong(root, key, file, $"'{key}' is no JSON Schema: {why}") : schema;
    }

    static JsonObject Object(YamlMappingNode node, string key, string file) => Child(node, key) switch
    {
        null => [],
        YamlMappingNode map => (JsonObject)Json(map)!,
        var other => throw new PlaybookInvalid(file, other.Start.Line, $"'{key}' is a mapping"),
    };

    static IEnumerable<YamlMappingNode> Items(YamlMappingNode node, string key, string file) => Child(node, key) switch
    {
        null => [],
        YamlSequenceNode list => list.Children.Select(item => item as YamlMappingNode ?? throw new PlaybookInvalid(file, item.Start.Line, $"'{key}' is a list of mappings")),
        var other => throw new PlaybookInvalid(file, other.Start.Line, $"'{key}' is a list"),
    };

    static IEnumerable<string> Texts(YamlMappingNode node, string key, string file) => Child(node, key) switch
    {
        null => [],
        YamlSequenceNode list => list.Children.Select(item => (item as YamlScalarNode)?.Value?.Trim() ?? throw new PlaybookInvalid(file, item.Start.Line, $"'{key}' is a list of texts")),
        var other => throw new PlaybookInvalid(file, other.Start.Line, $"'{key}' is a list of texts"),
    };

    static int? Whole(YamlMappingNode node, string key, string file, int least, int most) =>
        Text(node, key, file) is not { } text ? null
        : int.TryParse(text, CultureInfo.InvariantCulture, out var whole) && whole >= least && whole <= most ? whole
        : throw Wrong(node, key, file, $"{key} is '{text}'; allowed is a whole number from {least} to {most}");

    static bool Flag(YamlMappingNode node, string key, string file) => Text(node, key, file) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw Wrong(node, key, file, $"{key} is '{other}'; allowed are true, false"),
    };

    static YamlNode? Child(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    static string? Text(YamlMappingNode node, string key, string file) => Child(node, key) switch
    {
        null => null,
        YamlScalarNode text => text.Value,
        var other => throw new PlaybookInvalid(file, other.Start.Line, $"'{key}' is a text"),
    };

    static string Required(YamlMappingNode node, string key, string file) =>
        Text(node, key, file) is { Length: > 0 } value ? value : throw new PlaybookInvalid(file, node.Start.Line, $"'{key}' is missing");

    static PlaybookInvalid Wrong(YamlMappingNode node, string key, string file, string problem) =>
        new(file, (Child(node, key) ?? node).Start.Line, problem);

    static void Only(YamlMappingNode node, string[] allowed, string file)
    {
        foreach (var key in node.Children.Keys.OfType<YamlScalarNode>())
            if (!allowed.Contains(key.Value))
                throw new PlaybookInvalid(file, key.Start.Line, $"'{key.Value}' is not known here; allowed are {string.Join(", ", allowed)}");
    }

    /// <summary>What is quoted stays text; plain true, false, null and whole numbers are what they look like.</summary>
    internal static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Json(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => JsonValue.Create(flag.Value == "true"),
        YamlScalarNode { Style: ScalarStyle.Plain } plain when long.TryParse(plain.Value, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "null" or "~" or "" } => null,
        YamlScalarNode text => JsonValue.Create(text.Value),
        _ => throw new NotSupportedException($"YAML {node.NodeType} has no JSON."),
    };
}
