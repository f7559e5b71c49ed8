using System.Globalization;
using System.Text.Json.Nodes;
using Grace.Engine.Text;
using YamlDotNet.RepresentationModel;

namespace Grace.Engine.Playbooks;

/// <summary>What is changed at one step of a playbook.</summary>
/// <param name="With">Put in place of the inputs of these names.</param>
public sealed record StepChange(string Step, JsonObject? With = null, int? Attempts = null, int? DelaySeconds = null, int? TimeLimitSeconds = null)
{
    public string InWords() => string.Join(", ", new[]
    {
        With is { Count: > 0 } ? $"calls it with {With.ToJsonString()}" : null,
        Attempts is { } attempts ? $"tries it {attempts} times{(DelaySeconds is > 0 ? $", {DelaySeconds} s apart" : "")}" : null,
        TimeLimitSeconds is { } limit ? $"gives it {limit} s" : null,
    }.OfType<string>()) is { Length: > 0 } words ? $"step {Step}: {words}" : $"step {Step}: no change";
}

/// <summary>Writes a changed playbook. The YAML is written anew, so its comments are lost; what it says is not.</summary>
public static class PlaybookEdit
{
    /// <exception cref="PlaybookInvalid">There is no such step.</exception>
    public static string Apply(Playbook playbook, StepChange change, string lesson)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(playbook.Text));
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        var steps = Child(root, "steps") as YamlSequenceNode;
        var step = steps?.Children.OfType<YamlMappingNode>().FirstOrDefault(s => Child(s, "id") is YamlScalarNode id && id.Value == change.Step)
            ?? throw new PlaybookInvalid(playbook.File, 1, $"there is no step '{change.Step}'; there are {string.Join(", ", playbook.Steps.Select(s => s.Id))}");
        foreach (var (key, value) in change.With ?? [])
            Mapping(step, "with").Children[new YamlScalarNode(key)] = Node(value);
        if (change.Attempts is { } attempts)
            Mapping(step, "retry").Children[new YamlScalarNode("attempts")] = Plain(attempts);
        if (change.DelaySeconds is { } delay)
            Mapping(step, "retry").Children[new YamlScalarNode("delay_seconds")] = Plain(delay);
        if (change.TimeLimitSeconds is { } limit)
            step.Children[new YamlScalarNode("time_limit_seconds")] = Plain(limit);
        root.Children[new YamlScalarNode("version")] = Plain(playbook.Version + 1);
        root.Children[new YamlScalarNode("lessons")] = new YamlSequenceNode(playbook.Lessons.Append(lesson).Select(l => new YamlScalarNode(l) { Style = YamlDotNet.Core.ScalarStyle.DoubleQuoted }));
        return Written(stream);
    }

    /// <summary>What a version changes. One that a mission wrote has another layout, which is no change.</summary>
    public static UnifiedDiff Difference(Playbook before, Playbook after) =>
        UnifiedDiff.Of(after.Source == PlaybookSource.Mission ? Anew(before.Text) : before.Text, after.Text);

    /// <summary>The same playbook in the layout that a change leaves it in, so that a comparison shows the change alone.</summary>
    public static string Anew(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Written(stream);
    }

    static string Written(YamlStream stream)
    {
        using var text = new StringWriter { NewLine = "\n" };
        stream.Save(text, assignAnchors: false);
        // YAML's end of document, "...", is of no use in a file of one.
        return text.ToString().TrimEnd().TrimEnd('.').TrimEnd() + "\n";
    }

    static YamlMappingNode Mapping(YamlMappingNode node, string key)
    {
        if (Child(node, key) is not YamlMappingNode map)
            node.Children[new YamlScalarNode(key)] = map = [];
        return map;
    }

    static YamlNode? Child(YamlMappingNode node, string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    static YamlScalarNode Plain(int number) => new(number.ToString(CultureInfo.InvariantCulture));

    static YamlNode Node(JsonNode? value) => value switch
    {
        null => new YamlScalarNode("null"),
        JsonObject map => new YamlMappingNode(map.Select(p => KeyValuePair.Create<YamlNode, YamlNode>(new YamlScalarNode(p.Key), Node(p.Value)))),
        JsonArray list => new YamlSequenceNode(list.Select(Node)),
        JsonValue text when text.TryGetValue<string>(out var written) => new YamlScalarNode(written) { Style = YamlDotNet.Core.ScalarStyle.DoubleQuoted },
        _ => new YamlScalarNode(value.ToJsonString()),
    };
}
