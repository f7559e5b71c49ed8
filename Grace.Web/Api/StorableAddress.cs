using Grace.Engine.Pipelines;
using Grace.Engine.Text;

namespace Grace.Web.Api;

/// <summary>Refuses addresses with what no text can hold, before anything looks for it.</summary>
static class StorableAddress
{
    public static void UseStorableAddresses(this WebApplication app) => app.Use((http, next) =>
    {
        if (Storable.Objection(http.Request.Path.Value ?? "") is { } path)
            throw new Malformed($"The address {path}.");
        List<FieldError> errors = [];
        foreach (var (name, values) in http.Request.Query)
            errors.AddRange(values.Append(name).Select(text => Storable.Objection(text ?? "")).OfType<string>().Distinct().Select(why => new FieldError(Storable.Text(name), $"{Storable.Text(name)} {why}; take it out.")));
        return errors.Count == 0 ? next(http) : throw new SubmissionRefused(errors);
    });
}
