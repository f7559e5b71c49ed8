namespace Grace.Web.Access;

/// <summary>What browsers are told to refuse, on every answer.</summary>
static class PageHeaders
{
    /// <summary>
    /// No script that is not a file of Grace's own, and none inside the markup. Styles may stand in attributes: Blazor and charts
    /// place things with them. The code editor runs its workers from blobs and carries its fonts as data.
    /// </summary>
    const string Policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
        + "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void UsePageHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(static state =>
        {
            var headers = ((HttpResponse)state).Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers.XFrameOptions = "DENY";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            return Task.CompletedTask;
        }, http.Response);
        return next(http);
    });
}
