using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Pipelines;
using Grace.Engine.Tools;

namespace Grace.Engine.Playbooks;

/// <param name="Line">1-based, in the playbook's file.</param>
public sealed record PlaybookProblem(long Line, string Message);

/// <summary>What would go wrong with a playbook, found before it runs: unknown tools, inputs that do not fit, references to nothing.</summary>
public static partial class PlaybookCheck
{
    static readonly string[] Roots = ["inputs", "steps", "context", "item"];

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Reference();

    /// <param name="playbooks">The ids that a step may use.</param>
    public static IReadOnlyList<PlaybookProblem> Of(Playbook playbook, ToolBox tools, IReadOnlyCollection<string> playbooks)
    {
        List<PlaybookProblem> problems = [];
        HashSet<string> before = [];
        foreach (var step in playbook.Steps)
        {
            void Say(string problem) => problems.Add(new(step.Line, $"step '{step.Id}': {problem}"));
            if (step.Tool is { } named && tools.Find(named) is not { } tool)
                Say($"there is no tool '{named}'; there are {string.Join(", ", tools.Names)}");
            else if (step.Tool is { } known)
                foreach (var problem in Inputs(step, tools.Find(known)!))
                    Say(problem);
            if (step.Playbook is { } used && !used.Contains("${") && !playbooks.Contains(used))
                Say($"there is no playbook '{used}'; there are {string.Join(", ", playbooks.Order(StringComparer.Ordinal))}");
            foreach (var problem in References([step.When, step.Each, step.Playbook, step.Prompt, step.With.ToJsonString()], playbook, before, step.Each is not null))
                Say(problem);
            foreach (var wrong in Conditions(step.When))
                Say($"its condition '{step.When}': {wrong}");
            if (!before.Add(step.Id))
                Say("its id is taken by a step before it");
        }
        if (playbook.Steps.Count == 0)
            problems.Add(new(1, "it has no steps, so it would do nothing"));
        if (playbook.Phase is { } phase && playbook.Artifacts.All(a => a.Type != phase.Produces()))
            problems.Add(new(1, $"a playbook for {phase.Name()} hands over a {phase.Produces()}; its artifacts name none"));
        foreach (var condition in playbook.Artifacts.Select(a => a.When).Concat(playbook.Expect.Select(e => e.That)).Append(playbook.Suits))
            problems.AddRange(Conditions(condition).Select(wrong => new PlaybookProblem(1, $"the condition '{condition}': {wrong}")));
        var rest = playbook.Artifacts.SelectMany(a => new[] { a.Content, a.When }).Concat(playbook.Expect.SelectMany(e => new[] { e.That, e.Otherwise }));
        problems.AddRange(References([.. rest], playbook, before, false).Select(problem => new PlaybookProblem(1, $"artifacts and expect: {problem}")));
        return problems;
    }

    static IEnumerable<string> Inputs(PlaybookStep step, ITool tool)
    {
        var properties = tool.InputSchema["properties"] as JsonObject ?? [];
        foreach (var (key, value) in step.With)
            if (!properties.ContainsKey(key))
                yield return $"{tool.Name} takes no '{key}'; it takes {string.Join(", ", properties.Select(p => p.Key))}";
            else if (value is not null && !value.ToJsonString().Contains("${") && properties[key] is JsonObject schema)
                foreach (var problem in JsonSchemas.WhyNotFit(schema, value))
                    yield return $"'{key}' of {tool.Name} does not fit: {problem}";
        foreach (var required in (tool.InputSchema["required"] as JsonArray ?? []).Select(r => r!.GetValue<string>()).Where(r => !step.With.ContainsKey(r)))
            yield return $"{tool.Name} needs '{required}'";
    }

    static IEnumerable<string> Conditions(string? condition)
    {
        try
        {
            _ = condition is null ? null : Condition.Parse(condition);
            return [];
        }
        catch (WrongCondition wrong)
        {
            return [wrong.Message];
        }
    }

    static IEnumerable<string> References(string?[] texts, Playbook playbook, HashSet<string> before, bool hasItem)
    {
        var inputs = playbook.Inputs["properties"] as JsonObject;
        foreach (var path in texts.OfType<string>().SelectMany(t => Reference().Matches(t)).Select(m => m.Groups[1].Value.Trim().Split('.')).DistinctBy(p => string.Join('.', p.Take(2))))
        {
            if (!Roots.Contains(path[0]))
                yield return $"${{{string.Join('.', path)}}} begins with '{path[0]}'; allowed are {string.Join(", ", Roots)}";
            else if (path[0] == "item" && !hasItem)
                yield return "${item} is only there in a step with 'each'";
            else if (path is ["steps", var step, ..] && !before.Contains(step))
                yield return $"${{{string.Join('.', path)}}} names no step before it; there are {(before.Count == 0 ? "none" : string.Join(", ", before))}";
            else if (path is ["inputs", var input, ..] && inputs is not null && !inputs.ContainsKey(input))
                yield return $"${{{string.Join('.', path)}}} is no input; there are {string.Join(", ", inputs.Select(p => p.Key))}";
        }
    }
}
