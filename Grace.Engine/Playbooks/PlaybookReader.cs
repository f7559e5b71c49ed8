using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using YamlDotNet.Core;
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
        var (id, phase) = (Required(root, "id", file), Text(root, "phase"));
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
            Suits = Text(root, "suits"),
            Outputs = Schema(root, "outputs", file),
            Guidance = Text(root, "guidance")?.Trim(),
            Lessons = [.. (Child(root, "lessons") as YamlSequenceNode)?.Children.OfType<YamlScalarNode>().Select(l => l.Value!.Trim()) ?? []],
            Text = yaml,
            File = Path.GetFileName(file),
            Hash = Content.Of(Encoding.UTF8.GetBytes(yaml)).Hash,
            Source = source,
        };
    }

    static YamlMappingNode Root(string yaml, string file)
    {
        if (yaml.Length > LongestText)
            throw new PlaybookInvalid(file, 1, $"it has {yaml.Length} characters; allowed are {LongestText}");
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException broken)
        {
            throw new PlaybookInvalid(file, broken.Start.Line, broken.InnerException?.Message ?? broken.Message);
        }
        if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
            throw new PlaybookInvalid(file, 1, "a playbook is one YAML mapping");
        // Anchors can make a small file a giant: what is counted is the tree as it would be written out.
        if (root.AllNodes.Take(MostNodes + 1).Count() > MostNodes)
            throw new PlaybookInvalid(file, 1, $"it has more than {MostNodes} nodes");
        return root;
    }

    static PlaybookStep Step(YamlMappingNode step, string file)
    {
        Only(step, StepKeys, file);
        var (id, tool, playbook, prompt) = (Required(step, "id", file), Text(step, "tool"), Text(step, "playbook"), Text(step, "prompt"));
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
        return new(id, tool, Object(step, "with", file), Text(step, "when"), Text(step, "optional") == "true", playbook, Text(step, "each"))
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
        return new(Required(artifact, "type", file), Required(artifact, "content", file), Text(artifact, "when"));
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

    static int? Whole(YamlMappingNode node, string key, string file, int least, int most) =>
        Text(node, key) is not { } text ? null
        : int.TryParse(text, CultureInfo.InvariantCulture, out var whole) && whole >= least && whole <= most ? whole
        : throw Wrong(node, key, file, $"{key} is '{text}'; allowed is a whole number from {least} to {most}");

    static YamlNode? Child(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    static string? Text(YamlMappingNode node, string key) => (Child(node, key) as YamlScalarNode)?.Value;

    static string Required(YamlMappingNode node, string key, string file) =>
        Text(node, key) is { Length: > 0 } value ? value : throw new PlaybookInvalid(file, node.Start.Line, $"'{key}' is missing");

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
