using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Grace.Engine.Text;

/// <summary>
/// YAML that nobody here wrote, as plain data: every value a text, aliases left out (they can stand for themselves), bounded in
/// depth and size.
/// </summary>
public static class ForeignYaml
{
    const int Deepest = 32, MostNodes = 20_000;

    /// <summary>Has the library read something: it throws more than it announces, and all of that is the text's fault.</summary>
    /// <exception cref="YamlException">Whatever it stumbled over.</exception>
    public static T Told<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception unforeseen) when (unforeseen is InvalidOperationException or ArgumentException or NullReferenceException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            throw new YamlException("it holds signs in a place where YAML has none");
        }
    }

    /// <exception cref="FormatException">It is none, or is too deep or too large.</exception>
    public static JsonNode? Read(string yaml)
    {
        try
        {
            return Told(() =>
            {
                var parser = new Parser(new StringReader(Storable.Text(yaml)));
                parser.Consume<StreamStart>();
                if (parser.TryConsume<StreamEnd>(out _))
                    return null;
                parser.Consume<DocumentStart>();
                var nodes = 0;
                return Node(parser, 0, ref nodes);
            });
        }
        catch (YamlException broken)
        {
            throw new FormatException($"line {broken.Start.Line}: {broken.Message}", broken);
        }
    }

    static JsonNode? Node(Parser parser, int depth, ref int nodes)
    {
        if (depth > Deepest || ++nodes > MostNodes)
            throw new YamlException("it is nested too deep or too large");
        if (parser.TryConsume<Scalar>(out var scalar))
            return scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "null" or "~" ? null : JsonValue.Create(scalar.Value);
        if (parser.TryConsume<SequenceStart>(out _))
        {
            JsonArray list = [];
            while (!parser.TryConsume<SequenceEnd>(out _))
                list.Add(Node(parser, depth + 1, ref nodes));
            return list;
        }
        if (parser.TryConsume<MappingStart>(out _))
        {
            JsonObject map = [];
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = Node(parser, depth + 1, ref nodes);
                var value = Node(parser, depth + 1, ref nodes);
                if (key is JsonValue name)
                    map[name.ToString()] = value;
            }
            return map;
        }
        parser.Consume<AnchorAlias>();
        return null;
    }
}
