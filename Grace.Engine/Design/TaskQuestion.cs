using System.Text.Json.Nodes;

namespace Grace.Engine.Design;

/// <summary>
/// What a person has to say before anything is built of a task: templates keep and serve records, and where a task does not
/// clearly ask for that, something else than was asked for would come.
/// </summary>
/// <param name="Risk">What would come, and why that is in question.</param>
/// <param name="Remedy">How to have what was meant.</param>
public sealed record TaskQuestion(string Risk, string Remedy)
{
    private const string Declare = "{\"resources\": \"Bookmark(title: string, url: uri)\"}";

    /// <summary>As one text, for whoever decides on the pipeline.</summary>
    public string Text => $"{Risk} Is that what you want? Approve it to have just that, or reject it. {Remedy}";

    /// <param name="context">The submission's. Resources that it declares answer the question.</param>
    /// <returns>Null where the task, or its context, says which data is to be kept, and where it names nothing at all.</returns>
    /// <exception cref="TaskRefusedException">The task cannot be built at all.</exception>
    public static TaskQuestion? Of(string task, JsonObject? context)
    {
        if (ServiceDesigner.Resources(context) is not null) return null;
        var reading = TaskReader.Read(task);
        if (reading.Doubts.Count == 0 && (reading.AsksForData || EmptyWords.Only(TaskText.Of(task)) || SaysHowToStore(context))) return null;

        var come = string.Join(" and ", reading.Resources.Select(r => $"{r.Name}({string.Join(", ", r.Fields.Select(f => f.Name))})"));
        var doubts = reading.Doubts.Count == 0 ? "" : $" The task also says {string.Join(" and ", reading.Doubts.Take(3).Select(d => $"'{d}'"))}, which is not taken as data.";
        return new(
            $"Without a model, Grace builds services that keep and serve records. Of this task only a data service would come, keeping {come}; whatever else its words ask for is not built.{doubts}",
            $"To say which data it keeps, declare it in the task as Name(field: type, …), or override the context with {Declare}. For work on something that exists already, name its repository.");
    }

    /// <summary>Whoever names a database or a framework to serve it with asks for a data service, whatever they call it.</summary>
    private static bool SaysHowToStore(JsonObject? context) => context?["database"] is not null || context?["framework"] is not null;
}
