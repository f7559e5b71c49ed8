using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;

namespace Grace.Web.Live;

/// <summary>A key of the context that the form has no field for; a value that is JSON is taken as JSON.</summary>
public sealed class FreeKey
{
    public string Key { get; set; } = "";
    public string Value { get; set; } = "";
}

/// <summary>What the form for a new pipeline holds: a field for each key that Grace knows, and free keys beside them.</summary>
public sealed class Draft
{
    public static readonly string[] AllSources = ["rag", "github", "web"];

    public string Task { get; set; } = "";
    public string Repository { get; set; } = "";

    /// <summary>Null until somebody chooses: all five, or research and test where a repository is given.</summary>
    public SortedSet<Phase>? Phases { get; set; }

    public string Language { get; set; } = "";
    public string Framework { get; set; } = "";
    public string Environment { get; set; } = "";
    public string Lint { get; set; } = "";
    public string Minutes { get; set; } = "";
    public string Attempts { get; set; } = "";

    /// <summary>One a line.</summary>
    public string Documents { get; set; } = "";

    public bool SkipTests { get; set; }
    public bool CustomValidation { get; set; }
    public HashSet<string> Sources { get; } = [];
    public SortedSet<Phase> Approvals { get; } = [];
    public Dictionary<Phase, string> Playbooks { get; } = [];
    public List<FreeKey> Free { get; } = [];

    public IReadOnlyCollection<Phase> PhasesShown =>
        Phases ?? (string.IsNullOrWhiteSpace(Repository) ? new(PhaseOrder.All) : new SortedSet<Phase> { Phase.Research, Phase.Test });

    /// <summary>The form as an address tells it; what the address has wrong is among the errors.</summary>
    public static Draft Read(string? task, string? phases, string? repository, string? context, List<FieldError> errors)
    {
        var draft = new Draft { Task = task ?? "", Repository = repository ?? "" };
        if (phases is not null)
        {
            draft.Phases = [];
            foreach (var name in phases.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                if (PhaseOrder.Parse(name) is { } phase)
                    draft.Phases.Add(phase);
                else
                    errors.Add(new("phases", $"The address names '{name}', which is no phase; allowed are {string.Join(", ", PhaseOrder.All.Select(p => p.Name()))}."));
        }
        try
        {
            if (!string.IsNullOrWhiteSpace(context))
                draft.Fill(JsonNode.Parse(context) as JsonObject ?? throw new JsonException());
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            errors.Add(new("context", "The address has a context that is no JSON object; it was left out."));
        }
        return draft;
    }

    /// <summary>Takes a context over, in place of the one that was there; what fits no field becomes a free key.</summary>
    public void Fill(JsonObject context)
    {
        (Language, Framework, Environment, Lint, Minutes, Attempts, Documents, SkipTests, CustomValidation) = ("", "", "", "", "", "", "", false, false);
        Sources.Clear();
        Approvals.Clear();
        Playbooks.Clear();
        Free.Clear();
        foreach (var (key, value) in context)
            if (!TakeField(key, value))
                Free.Add(new() { Key = key, Value = value is JsonValue && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value?.ToJsonString(Wire.Json) ?? "null" });
    }

    bool TakeField(string key, JsonNode? value)
    {
        var text = value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        var list = value is JsonArray array && array.All(t => t?.GetValueKind() == JsonValueKind.String) ? array.Select(t => t!.GetValue<string>()).ToList() : null;
        switch (key)
        {
            case "language" when text is not null: Language = text; return true;
            case "framework" when text is not null: Framework = text; return true;
            case "deployment_environment" when text is not null: Environment = text; return true;
            case "lint" when text is not null: Lint = text; return true;
            case "skip_tests" when value?.GetValueKind() == JsonValueKind.True: return SkipTests = true;
            case "custom_validation" when value?.GetValueKind() == JsonValueKind.True: return CustomValidation = true;
            case "documents" when list is not null: Documents = string.Join('\n', list); return true;
            case "sources" when list?.All(AllSources.Contains) == true: Sources.UnionWith(list); return true;
            case "approvals" when list?.All(p => PhaseOrder.Parse(p) is not null) == true: Approvals.UnionWith(list.Select(p => PhaseOrder.Parse(p)!.Value)); return true;
            case "limits" when value is JsonObject limits && limits.All(l => l.Key is "minutes" or "attempts" && l.Value?.GetValueKind() == JsonValueKind.Number):
                (Minutes, Attempts) = (limits["minutes"]?.ToJsonString() ?? "", limits["attempts"]?.ToJsonString() ?? "");
                return true;
            case "playbooks" when value is JsonObject chosen && chosen.All(p => PhaseOrder.Parse(p.Key) is not null && p.Value?.GetValueKind() == JsonValueKind.String):
                foreach (var (phase, id) in chosen)
                    Playbooks[PhaseOrder.Parse(phase)!.Value] = id!.GetValue<string>();
                return true;
            default: return false;
        }
    }

    /// <summary>As <c>execute</c> takes it; the rules for it are the same ones, so only what cannot be said at all is an error here.</summary>
    public JsonObject Context(List<FieldError> errors)
    {
        JsonObject context = [];
        void Say(string key, string value)
        {
            if (!string.IsNullOrWhiteSpace(value))
                context[key] = value.Trim();
        }

        Say("language", Language);
        Say("framework", Framework);
        Say("deployment_environment", Environment);
        Say("lint", Lint);
        JsonObject limits = [];
        foreach (var (name, value) in new[] { ("minutes", Minutes), ("attempts", Attempts) })
            if (!string.IsNullOrWhiteSpace(value))
                limits[name] = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : value.Trim();
        if (limits.Count > 0)
            context["limits"] = limits;
        if (Documents.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } documents)
            context["documents"] = new JsonArray([.. documents.Select(d => (JsonNode)d)]);
        if (Sources.Count > 0)
            context["sources"] = new JsonArray([.. AllSources.Where(Sources.Contains).Select(s => (JsonNode)s)]);
        if (Approvals.Count > 0)
            context["approvals"] = new JsonArray([.. Approvals.Select(p => (JsonNode)p.Name())]);
        if (Playbooks.Count > 0)
            context["playbooks"] = new JsonObject(Playbooks.Select(p => KeyValuePair.Create(p.Key.Name(), (JsonNode?)p.Value)));
        if (SkipTests)
            context["skip_tests"] = true;
        if (CustomValidation)
            context["custom_validation"] = true;
        foreach (var free in Free.Where(f => f.Key.Length + f.Value.Length > 0))
            if (string.IsNullOrWhiteSpace(free.Key))
                errors.Add(new("context", $"The value '{free.Value}' has no key; name it, or take it out."));
            else if (!context.TryAdd(free.Key.Trim(), Json(free.Value)))
                errors.Add(new("context", $"The key '{free.Key}' is there twice; take one out."));
        return context;
    }

    public Submission Submission(Plan? plan, List<FieldError> errors)
    {
        var context = Context(errors);
        List<string>? phases = Phases is null ? null : [.. Phases.Select(p => p.Name())];
        var edited = plan is null ? null : plan with { Phases = phases ?? plan.Phases, Context = (JsonObject)context.DeepClone() };
        return new(Task, context, phases, string.IsNullOrWhiteSpace(Repository) ? null : Repository.Trim(), edited?.ToJson());
    }

    /// <summary>What leads to this form again, to be sent to a colleague.</summary>
    public Dictionary<string, object?> Address => new()
    {
        ["task"] = Blank(Task), ["phases"] = Phases is null ? null : string.Join(',', Phases.Select(p => p.Name())), ["repository"] = Blank(Repository),
        ["context"] = Context([]) is { Count: > 0 } context ? context.ToJsonString(Wire.Json) : null,
    };

    static string? Blank(string text) => string.IsNullOrWhiteSpace(text) ? null : text;

    static JsonNode? Json(string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            return value;
        }
    }
}
