using System.Globalization;
using System.Text.RegularExpressions;
using Grace.Engine.Pipelines;

namespace Grace.Web.Api;

/// <summary>Query parameters with errors that name the field, the value and what is allowed.</summary>
static partial class Query
{
    public static long? Number(string? text, string name, long least, long most, List<FieldError> errors)
    {
        if (text is null)
            return null;
        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        errors.Add(new(name, $"{name} is '{text}'; allowed is a whole number from {least}{(most == long.MaxValue ? "" : $" to {most}")}."));
        return null;
    }

    public static DateTimeOffset? Time(string? text, string name, List<FieldError> errors)
    {
        if (text is null)
            return null;
        // A date that two countries read in two ways would be taken as one of them in silence.
        if (Iso().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;
        errors.Add(new(name, $"{name} is '{text}'; it must be a time such as 2026-01-31T12:00:00Z."));
        return null;
    }

    public static void Phase(string? text, List<FieldError> errors)
    {
        if (text is not null && PhaseOrder.Parse(text) is null)
            errors.Add(new("phase", $"'{text}' is no phase; allowed are {string.Join(", ", PhaseOrder.All.Select(p => p.Name()))}."));
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Iso();
}
