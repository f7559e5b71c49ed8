using System.Globalization;
using Grace.Engine.Pipelines;

namespace Grace.Web.Api;

/// <summary>Query parameters with errors that name the field, the value and what is allowed.</summary>
static class Query
{
    public static long? Number(string? text, string name, long least, long most, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        errors.Add(new(name, $"{name} is '{text}'; allowed is a whole number from {least}{(most == long.MaxValue ? "" : $" to {most}")}."));
        return null;
    }

    public static DateTimeOffset? Time(string? text, string name, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;
        errors.Add(new(name, $"{name} is '{text}'; it must be a time such as 2026-01-31T12:00:00Z."));
        return null;
    }
}
