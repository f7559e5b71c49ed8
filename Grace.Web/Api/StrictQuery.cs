using System.Reflection;
using Grace.Engine.Pipelines;
using Grace.Engine.Text;

namespace Grace.Web.Api;

/// <summary>
/// A call's query is read as strictly as its body: a parameter that the call does not know, or that is there twice where one
/// is taken, is refused by name. Which it knows, its handler's own parameters say.
/// </summary>
static class StrictQuery
{
    /// <summary>What a query can hold; services and the request itself are of other types.</summary>
    static readonly Type[] FromText = [typeof(string), typeof(string[])];

    public static RouteGroupBuilder WithStrictQueries(this RouteGroupBuilder calls)
    {
        calls.AddEndpointFilterFactory((handler, next) =>
        {
            var taken = handler.MethodInfo.GetParameters().Where(p => FromText.Contains(p.ParameterType)).ToArray();
            return call => Check(call.HttpContext, taken) is { Count: > 0 } errors ? throw new SubmissionRefused(errors) : next(call);
        });
        return calls;
    }

    static List<FieldError> Check(HttpContext http, ParameterInfo[] taken)
    {
        if (http.Request.Query.Count == 0)
            return [];
        // What stands in the address is not read from the query, although it is a parameter of the handler too.
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern;
        var known = taken.Where(p => route?.GetParameter(p.Name!) is null).ToArray();
        var allowed = known.Length == 0 ? "this call takes none" : $"allowed are {string.Join(", ", known.Select(p => p.Name))}";
        List<FieldError> errors = [];
        foreach (var (name, values) in http.Request.Query)
        {
            var parameter = known.FirstOrDefault(p => p.Name == name);
            if (parameter is null)
                errors.Add(new(Storable.Text(name), $"There is no parameter '{Storable.Text(name)}'; {allowed}."));
            else if (values.Count > 1 && parameter.ParameterType == typeof(string))
                errors.Add(new(name, $"{name} is there {values.Count} times; give it once."));
        }
        return errors;
    }
}
