using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Text;

namespace Grace.Engine.Pipelines;

/// <summary>
/// A JSON object that somebody sent, read strictly: each field of its type, none that is not asked for, nothing that cannot be
/// stored. What is wrong is gathered by field and told together, before anything happens.
/// </summary>
public sealed class Fields
{
    const int LongestShown = 100;
    readonly JsonObject given;
    readonly List<string> asked = [];

    /// <exception cref="SubmissionRefused">It cannot be read as an object with each key once.</exception>
    public Fields(JsonObject given)
    {
        this.given = given;
        try
        {
            Errors.AddRange([.. Storable.Objections(given, "").Select(o => new FieldError(o.Place, $"{(o.Place.Length == 0 ? "The request" : o.Place)} {o.Why}; take it out."))]);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or InvalidOperationException)
        {
            // JSON is read where it is looked at, and that is here.
            throw new SubmissionRefused([new("", "The request holds a key twice, or one that is no text.")]);
        }
    }

    /// <summary>What is wrong so far.</summary>
    public List<FieldError> Errors { get; } = [];

    public bool Has(string name) => given.ContainsKey(name);

    public string? Text(string name) => Read(name, "a text", v => v.GetValueKind() == JsonValueKind.String, v => v.GetValue<string>());

    public bool? Flag(string name)
    {
        var flag = Read(name, "true or false", v => v.GetValueKind() is JsonValueKind.True or JsonValueKind.False, v => v);
        return flag is null ? null : flag.GetValueKind() == JsonValueKind.True;
    }

    public long? Whole(string name)
    {
        var number = Read(name, "a whole number", v => v.GetValueKind() == JsonValueKind.Number && long.TryParse(v.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _), v => v);
        return number is null ? null : long.Parse(number.ToJsonString(), CultureInfo.InvariantCulture);
    }

    public double? Number(string name)
    {
        var number = Read(name, "a number", v => v.GetValueKind() == JsonValueKind.Number, v => v);
        return number is null ? null : double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture);
    }

    public JsonObject? Object(string name) => Read(name, "an object", v => v is JsonObject, v => (JsonObject)v);

    /// <param name="example">What such a list is like, for whoever sent something else.</param>
    public IReadOnlyList<string>? Texts(string name, string example) =>
        Read(name, $"a list of texts such as {example}", v => v is JsonArray list && list.All(i => i?.GetValueKind() == JsonValueKind.String), v => ((JsonArray)v).Select(i => i!.GetValue<string>()).ToList());

    /// <summary>Whatever is there, for a reader of its own.</summary>
    public JsonNode? Any(string name) => Read(name, "", _ => true, v => v);

    public void Refuse(string name, string why) => Errors.Add(new(name, why));

    /// <summary>Whether a field is wrong already, and need not be complained about again.</summary>
    public bool IsWrong(string name) => Errors.Any(e => e.Field == name || e.Field.StartsWith(name + ".", StringComparison.Ordinal) || e.Field.StartsWith(name + "[", StringComparison.Ordinal));

    /// <summary>To be called when everything was asked for.</summary>
    /// <exception cref="SubmissionRefused">Something is wrong, or a field is there that nobody asked for.</exception>
    public void End()
    {
        foreach (var name in given.Select(p => p.Key).Except(asked))
            Refuse(Storable.Text(name), $"'{Storable.Text(name)}' is not known; allowed are {string.Join(", ", asked)}.");
        if (Errors.Count > 0)
            throw new SubmissionRefused(Errors);
    }

    T? Read<T>(string name, string what, Func<JsonNode, bool> fits, Func<JsonNode, T> value) where T : class
    {
        asked.Add(name);
        if (given[name] is not { } found || IsWrong(name))
            return null;
        if (fits(found))
            return value(found);
        var shown = found.ToJsonString();
        Refuse(name, $"{name} is {(shown.Length <= LongestShown ? shown : shown[..LongestShown] + "…")}; it must be {what}.");
        return null;
    }
}
