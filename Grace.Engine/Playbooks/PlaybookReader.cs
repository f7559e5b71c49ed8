using System.Globalization;
using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Grace.Engine.Playbooks;

/// <summary>A playbook that cannot be used, with file and line.</summary>
public sealed class PlaybookInvalid(string file, long line, string problem) : Exception($"{file}:{line}: {problem}");

/// <summary>Reads a playbook from YAML and refuses what it does not know, by file and line.</summary>
public static class PlaybookReader
{
    static readonly string[] Keys = ["id", "version", "phase", "description", "inputs", "steps", "artifacts", "expect"];
    static readonly string[] StepKeys = ["id", "tool", "playbook", "each", "with", "when", "optional"];

    /// <exception cref="PlaybookInvalid">The text is no playbook.</exception>
    public static Playbook Read(string yaml, string file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException broken)
        {
            throw new PlaybookInvalid(file, broken.Start.Line, broken.Message);
        }
        if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
            throw new PlaybookInvalid(file, 1, "a playbook is one YAML mapping");
        Only(root, Keys, file);
        var phase = Text(root, "phase");
        if (phase is not null && PhaseOrder.Parse(phase) is null)
            throw new PlaybookInvalid(file, root.Start.Line, $"phase is '{phase}'; allowed are {string.Join(", ", PhaseOrder.All.Select(p => p.Name()))}");
        return new(
            Required(root, "id", file),
            int.TryParse(Required(root, "version", file), CultureInfo.InvariantCulture, out var version) && version > 0
                ? version
                : throw new PlaybookInvalid(file, root.Start.Line, "version is a whole number from 1"),
            PhaseOrder.Parse(phase), Required(root, "description", file).Trim(),
            Child(root, "inputs") is { } inputs ? (JsonObject)Json(inputs)! : [],
            [.. Items(root, "steps").Select(step => Step(step, file))],
            [.. Items(root, "artifacts").Select(a => new PlaybookArtifact(Required(a, "type", file), Required(a, "content", file), Text(a, "when")))],
            [.. Items(root, "expect").Select(e => new PlaybookExpectation(Required(e, "that", file), Required(e, "otherwise", file)))]);
    }

    static PlaybookStep Step(YamlMappingNode step, string file)
    {
        Only(step, StepKeys, file);
        var (id, tool, playbook) = (Required(step, "id", file), Text(step, "tool"), Text(step, "playbook"));
        if (tool is null == playbook is null)
            throw new PlaybookInvalid(file, step.Start.Line, $"step '{id}' needs either a tool or a playbook");
        return new(
            id, tool, Child(step, "with") is { } with ? (JsonObject)Json(with)! : [], Text(step, "when"), Text(step, "optional") == "true",
            playbook, Text(step, "each"));
    }

    static IEnumerable<YamlMappingNode> Items(YamlMappingNode node, string key) =>
        Child(node, key) is YamlSequenceNode list ? list.Children.OfType<YamlMappingNode>() : [];

    static YamlNode? Child(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    static string? Text(YamlMappingNode node, string key) => (Child(node, key) as YamlScalarNode)?.Value;

    static string Required(YamlMappingNode node, string key, string file) =>
        Text(node, key) is { Length: > 0 } value ? value : throw new PlaybookInvalid(file, node.Start.Line, $"'{key}' is missing");

    static void Only(YamlMappingNode node, string[] allowed, string file)
    {
        foreach (var key in node.Children.Keys.OfType<YamlScalarNode>())
            if (!allowed.Contains(key.Value))
                throw new PlaybookInvalid(file, key.Start.Line, $"'{key.Value}' is not known here; allowed are {string.Join(", ", allowed)}");
    }

    static JsonNode? Json(YamlNode node) => node switch
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
