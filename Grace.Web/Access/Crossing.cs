using Grace.Web.Api;

namespace Grace.Web.Access;

/// <summary>
/// Keeps other sites' pages from acting with the dashboard's cookie: requests that change something, and WebSockets, must come
/// from Grace's own pages. SameSite=Lax does not tell ports of one host apart, so the browser's own word is asked for.
/// </summary>
static class Crossing
{
    public static void UseOwnPagesOnly(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (BearerKey.Of(http.Request) is not null || !Acts(http))
            await next(http);
        else if (IsFromElsewhere(http.Request))
            await Problems.AnswerAsync(http, new Foreign($"The request comes from another site ({Source(http.Request)}). Use Grace's own pages, or 'Authorization: Bearer KEY'."));
        else if (http.Request.Path.StartsWithSegments("/api") && http.User.Identity is { IsAuthenticated: true } && HasBody(http.Request) && !http.Request.HasJsonContentType())
            await Problems.AnswerAsync(http, new WrongMedia($"The body is '{http.Request.ContentType ?? "of no type"}'; it must be application/json."));
        else
            await next(http);
    });

    static bool Acts(HttpContext http) =>
        !(HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method))
        || http.WebSockets.IsWebSocketRequest || http.Request.Headers.Upgrade.Count > 0;

    /// <summary>Programs that are no browsers send neither header, and carry no cookie that they were not given.</summary>
    static bool IsFromElsewhere(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ Length: > 0 } site])
            return site is not ("same-origin" or "none");
        return request.Headers.Origin is [{ Length: > 0 } origin]
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    static string Source(HttpRequest request) => request.Headers.Origin is [{ Length: > 0 and < 200 } origin] ? origin : "unnamed";

    static bool HasBody(HttpRequest request) => request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;
}
