using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Grace.Engine.Playbooks;

/// <summary>A condition that is none, and what to write instead.</summary>
public sealed class WrongCondition(string why) : Exception(why);

/// <summary>
/// What <c>when</c> and <c>that</c> ask in a playbook. Values are references (<c>${inputs.count}</c>), texts in quotes or single
/// words, numbers, true, false, null and lists (<c>[a, 'b c', 3]</c>); they are compared by <c>== != &lt; &lt;= &gt; &gt;= in</c>, and joined by
/// <c>and or not</c> (also written <c>&amp;&amp; || !</c>) and brackets. What is missing is null. Alone, a value holds unless it is null, false, 0,
/// "false" or empty. Numbers are ordered as numbers; nothing else is ordered. Anything else is refused before it runs.
/// </summary>
public sealed partial class Condition
{
    [GeneratedRegex("""\G\s*(?:(?<ref>\$\{[^}]*\})|(?<text>'[^']*'|"[^"]*")|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|(?<op>==|!=|<=|>=|&&|\|\||[<>!()\[\],])|(?<word>[A-Za-z_][\w./:@-]*))""")]
    private static partial Regex Token();

    const int Deepest = 30;
    readonly List<(string Kind, string Text)> tokens = [];
    readonly Func<JsonObject, JsonNode?> value;
    int at;

    Condition(string text)
    {
        var end = text.TrimEnd().Length;
        for (var from = 0; from < end;)
        {
            if (Token().Match(text, from) is not { Success: true } found)
                throw new WrongCondition($"'{Rest(text, from)}' is not understood; texts are written in quotes, and conditions with == != < <= > >= in and or not");
            tokens.Add((found.Groups.Values.First(g => g.Success && g.Name.Length > 1).Name, found.Value.Trim()));
            from = found.Index + found.Length;
        }
        value = Or(0);
        if (at < tokens.Count)
            throw new WrongCondition($"'{tokens[at].Text}' is not expected here");
    }

    /// <exception cref="WrongCondition">The text is none.</exception>
    public static Condition Parse(string text) => new(text);

    public bool Holds(JsonObject scope) => Expression.IsTrue(value(scope));

    static string Rest(string text, int from) => text[from..].Trim() is { Length: <= 30 } rest ? rest : text[from..].Trim()[..30] + "…";

    bool Take(params string[] words)
    {
        if (at >= tokens.Count || tokens[at].Kind is "text" or "ref" || !words.Contains(tokens[at].Text))
            return false;
        at++;
        return true;
    }

    Func<JsonObject, JsonNode?> Or(int depth)
    {
        if (depth > Deepest)
            throw new WrongCondition($"it is nested deeper than {Deepest}");
        var left = And(depth);
        while (Take("or", "||"))
        {
            var (one, other) = (left, And(depth));
            left = scope => Expression.IsTrue(one(scope)) || Expression.IsTrue(other(scope));
        }
        return left;
    }

    Func<JsonObject, JsonNode?> And(int depth)
    {
        var left = Not(depth);
        while (Take("and", "&&"))
        {
            var (one, other) = (left, Not(depth));
            left = scope => Expression.IsTrue(one(scope)) && Expression.IsTrue(other(scope));
        }
        return left;
    }

    Func<JsonObject, JsonNode?> Not(int depth)
    {
        if (!Take("not", "!"))
            return Compare(depth);
        if (depth > Deepest)
            throw new WrongCondition($"it is nested deeper than {Deepest}");
        var negated = Not(depth + 1);
        return scope => !Expression.IsTrue(negated(scope));
    }

    Func<JsonObject, JsonNode?> Compare(int depth)
    {
        var (began, left) = (at, Value(depth));
        var word = at == began + 1 && tokens[began].Kind is "word" or "text" or "number" && tokens[began].Text is not ("true" or "false");
        if (at >= tokens.Count || tokens[at] is not (("op", "==" or "!=" or "<" or "<=" or ">" or ">=") or ("word", "in") or ("word", "not")))
            return word ? throw new WrongCondition($"{tokens[began].Text} alone decides nothing; refer to a value, such as ${{inputs.name}}, or compare it") : left;
        var comparison = tokens[at++].Text;
        if (comparison == "not" && !Take("in"))
            throw new WrongCondition("after a value, 'not' is followed by 'in'");
        var right = Value(depth);
        return scope => comparison switch
        {
            "==" => Equal(left(scope), right(scope)),
            "!=" => !Equal(left(scope), right(scope)),
            "in" => In(left(scope), right(scope)),
            "not" => !In(left(scope), right(scope)),
            _ => Number(left(scope)) is { } a && Number(right(scope)) is { } b && comparison switch { "<" => a < b, "<=" => a <= b, ">" => a > b, _ => a >= b },
        };
    }

    Func<JsonObject, JsonNode?> Value(int depth)
    {
        if (at >= tokens.Count)
            throw new WrongCondition("a value is missing at its end");
        if (depth > Deepest)
            throw new WrongCondition($"it is nested deeper than {Deepest}");
        if (Take("("))
        {
            var inner = Or(depth + 1);
            return Take(")") ? inner : throw new WrongCondition("a bracket is not closed");
        }
        if (Take("["))
            return List(depth + 1);
        var (kind, text) = tokens[at++];
        switch (kind)
        {
            case "ref":
                return scope => Expression.Resolve(text, scope);
            case "text":
                return scope => Expression.Resolve(text[1..^1], scope);
            case "number":
                if (!decimal.TryParse(text, CultureInfo.InvariantCulture, out var number))
                    throw new WrongCondition($"{text} is too large a number");
                return _ => JsonValue.Create(number);
            case "word" when text is not ("and" or "or" or "not" or "in"):
                return _ => text switch { "true" => true, "false" => false, "null" => null, _ => text };
            default:
                throw new WrongCondition($"a value is expected where '{text}' stands");
        }
    }

    Func<JsonObject, JsonNode?> List(int depth)
    {
        List<Func<JsonObject, JsonNode?>> items = [];
        while (!Take("]"))
        {
            if (items.Count > 0 && !Take(","))
                throw new WrongCondition("the items of a list have commas between them, and a ] at the end");
            items.Add(Value(depth));
        }
        return scope => new JsonArray([.. items.Select(item => item(scope)?.DeepClone())]);
    }

    /// <summary>Numbers by value, lists and objects item by item; otherwise as they are written, so that a text may say 3 or true.</summary>
    static bool Equal(JsonNode? left, JsonNode? right) =>
        Number(left) is { } a && Number(right) is { } b ? a == b
        : left is JsonObject or JsonArray || right is JsonObject or JsonArray ? JsonNode.DeepEquals(left, right)
        : Expression.Write(left) == Expression.Write(right);

    static bool In(JsonNode? item, JsonNode? whole) => whole switch
    {
        JsonArray list => list.Any(one => Equal(one, item)),
        JsonObject map => map.ContainsKey(Expression.Write(item)),
        JsonValue text when text.GetValueKind() == JsonValueKind.String && item is not null => text.GetValue<string>().Contains(Expression.Write(item), StringComparison.Ordinal),
        _ => false,
    };

    static double? Number(JsonNode? value) =>
        value is JsonValue && value.GetValueKind() is JsonValueKind.Number or JsonValueKind.String
        && double.TryParse(Expression.Write(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
