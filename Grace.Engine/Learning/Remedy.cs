using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;

namespace Grace.Engine.Learning;

/// <summary>
/// What a team wrote down against a failure, in a Markdown document of its knowledge folder: a fenced block <c>remedy</c>
/// with the words that the failure shows, the step of a playbook, and what to change there.
/// </summary>
/// <param name="Failure">Occurs in the failure, in whatever case.</param>
/// <param name="Playbook">Null: whichever playbook has the step.</param>
public sealed partial record Remedy(string Failure, string? Playbook, StepChange Change, string? Because, string Source)
{
    [GeneratedRegex("^```remedy[ \t]*\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    /// <summary>All remedies of a text; a block that cannot be read is told by its problem.</summary>
    public static (IReadOnlyList<Remedy> Remedies, IReadOnlyList<string> Problems) In(string markdown, string source)
    {
        List<Remedy> remedies = [];
        List<string> problems = [];
        foreach (Match block in Block().Matches(markdown.ReplaceLineEndings("\n")))
            try
            {
                if (Read((JsonObject)PlaybookReader.Json(PlaybookReader.Root(block.Groups[1].Value, source))!, source) is { } remedy)
                    remedies.Add(remedy);
                else
                    problems.Add($"{source}: a remedy needs failure (4 characters or more) and step.");
            }
            catch (PlaybookInvalid broken)
            {
                problems.Add($"{source}: a remedy cannot be read: {broken.Message}");
            }
        return (remedies, problems);
    }

    public bool IsFor(string failure, Playbook playbook) =>
        failure.Contains(Failure, StringComparison.OrdinalIgnoreCase) && (Playbook is null || Playbook == playbook.Id) && playbook.Steps.Any(s => s.Id == Change.Step);

    static Remedy? Read(JsonObject written, string source)
    {
        string? Text(string key) => written[key] is JsonValue value ? value.ToString() : null;
        int? Whole(string key, int least, int most) => ContextRules.Number(written[key]) is { } number ? (int)Math.Clamp(number, least, most) : null;
        return Text("failure") is not { Length: >= 4 } failure || Text("step") is not { Length: > 0 } step ? null
            : new(failure, Text("playbook"), new(step, written["with"] as JsonObject, Whole("attempts", 1, 10), Whole("delay_seconds", 0, 300), Whole("time_limit_seconds", 1, 3600)), Text("because"), source);
    }
}
