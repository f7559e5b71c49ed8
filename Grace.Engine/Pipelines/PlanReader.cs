using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grace.Engine.Pipelines;

/// <summary>Reads a plan that comes from outside, by its fields; each thing that is wrong is named with its field, value and remedy.</summary>
public static class PlanReader
{
    public const int MostCriteria = 5_000;
    /// <summary>More than the longest task: a criterion may repeat all choices that the task declares.</summary>
    const int LongestText = 25_000;
    static readonly string[] Fields =
        ["task", "made_by", "note", "repository", "phases", "phase_reasons", "context", "acceptance_criteria", "assumptions", "open_questions", "risks"];

    static readonly string[] Severities = ["low", "medium", "high"];

    /// <summary>Null when there is no plan, or when something is wrong with it and was added to the errors.</summary>
    public static Plan? Read(JsonNode? given, List<FieldError> errors)
    {
        if (given is null)
            return null;
        var before = errors.Count;
        if (given is not JsonObject plan)
        {
            errors.Add(new("plan", $"plan is {Short(given)}; it must be an object as POST plan answers it."));
            return null;
        }
        var from = new PlanFields("plan", plan, errors);
        from.AllowOnly(Fields);
        var read = new Plan(
            from.Text("task"), from.Text("made_by"), from.Text("note"), from.Text("repository"), from.Texts("phases"),
            from.Objects("phase_reasons", ["phase", "included", "reason"], Reason), from.Object("context"),
            from.Objects("acceptance_criteria", ["id", "text"], Criterion), from.Texts("assumptions"), from.Texts("open_questions"),
            from.Objects("risks", ["severity", "risk", "remedy"], Risk));
        if (read.AcceptanceCriteria?.Count > MostCriteria)
            errors.Add(new("plan.acceptance_criteria", $"plan.acceptance_criteria has {read.AcceptanceCriteria.Count} entries; at most {MostCriteria} are allowed.", true));
        return errors.Count > before ? null : read;
    }

    static PhaseReason Reason(PlanFields from)
    {
        var phase = from.Needed("phase");
        if (phase.Length > 0 && PhaseOrder.Parse(phase) is null)
            from.Wrong("phase", $"'{phase}' is no phase; allowed are {string.Join(", ", PhaseOrder.All.Select(p => p.Name()))}");
        return new(phase, from.Flag("included"), from.Text("reason") ?? "");
    }

    static PlannedCriterion Criterion(PlanFields from) => new(from.Needed("text"), from.Text("id"));

    static PlannedRisk Risk(PlanFields from)
    {
        var severity = from.Text("severity") ?? "medium";
        if (!Severities.Contains(severity))
            from.Wrong("severity", $"'{severity}' is no severity; allowed are {string.Join(", ", Severities)}");
        return new(severity, from.Needed("risk"), from.Text("remedy"));
    }

    internal static string Short(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length <= 60 ? text : text[..60] + "…";
    }

    /// <summary>The fields of one object of a plan.</summary>
    sealed class PlanFields(string place, JsonObject values, List<FieldError> errors)
    {
        public void Wrong(string name, string message) => errors.Add(new($"{place}.{name}", message + "."));

        public void AllowOnly(string[] names)
        {
            foreach (var (name, _) in values)
                if (!names.Contains(name))
                    Wrong(name, $"'{name}' is not known in {place}; allowed are {string.Join(", ", names)}");
        }

        public string? Text(string name)
        {
            if (values[name] is not { } value)
                return null;
            if (value.GetValueKind() != JsonValueKind.String)
                Wrong(name, $"{place}.{name} is {Short(value)}; it must be a text");
            else if (value.GetValue<string>() is { } text && text.Length <= LongestText)
                return text;
            else
                Wrong(name, $"{place}.{name} has more than {LongestText} characters");
            return null;
        }

        /// <summary>Empty when it is missing, which is then among the errors.</summary>
        public string Needed(string name)
        {
            var before = errors.Count;
            if (Text(name) is { } text && !string.IsNullOrWhiteSpace(text))
                return text;
            if (errors.Count == before)
                Wrong(name, $"{place}.{name} is missing or blank");
            return "";
        }

        public bool Flag(string name)
        {
            if (values[name]?.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
                return values[name]!.GetValue<bool>();
            Wrong(name, $"{place}.{name} is {Short(values[name])}; allowed are true and false");
            return false;
        }

        public JsonObject? Object(string name)
        {
            if (values[name] is not (null or JsonObject))
                Wrong(name, $"{place}.{name} is {Short(values[name])}; it must be an object");
            return values[name] as JsonObject;
        }

        public List<string>? Texts(string name)
        {
            if (values[name] is not { } value)
                return null;
            if (value is JsonArray list && list.All(t => t?.GetValueKind() == JsonValueKind.String))
                return [.. list.Select(t => t!.GetValue<string>())];
            Wrong(name, $"{place}.{name} is {Short(value)}; it must be a list of texts");
            return null;
        }

        public List<T>? Objects<T>(string name, string[] fields, Func<PlanFields, T> read)
        {
            if (values[name] is not { } value)
                return null;
            if (value is not JsonArray list)
            {
                Wrong(name, $"{place}.{name} is {Short(value)}; it must be a list of objects");
                return null;
            }
            List<T> found = [];
            foreach (var (at, entry) in list.Index())
                if (entry is JsonObject one)
                {
                    var inner = new PlanFields($"{place}.{name}[{at}]", one, errors);
                    inner.AllowOnly(fields);
                    found.Add(read(inner));
                }
                else
                    Wrong($"{name}[{at}]", $"{place}.{name}[{at}] is {Short(entry)}; it must be an object with {string.Join(", ", fields)}");
            return found;
        }
    }
}
