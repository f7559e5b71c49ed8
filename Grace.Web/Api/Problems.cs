using Grace.Engine.Access;
using Grace.Engine.Hosting;
using Grace.Engine.Jobs;
using Grace.Engine.Learning;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Engine.Webhooks;
using Grace.Web.Access;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Grace.Web.Api;

/// <summary>A request that cannot be read at all.</summary>
sealed class Malformed(string detail) : Exception(detail);

/// <summary>Nothing by that name.</summary>
sealed class NotThere(string detail) : Exception(detail);

/// <summary>Nobody is signed in, or the key is not known.</summary>
sealed class NoAccess(string detail) : Exception(detail);

/// <summary>A page of another site sent it with the dashboard's cookie.</summary>
sealed class Foreign(string detail) : Exception(detail);

/// <summary>A body that is no JSON.</summary>
sealed class WrongMedia(string detail) : Exception(detail);

/// <summary>Too many requests, or too many wrong keys.</summary>
sealed class TooMany(string detail, TimeSpan wait) : Exception(detail)
{
    public TimeSpan Wait { get; } = wait;
}

/// <summary>Turns what goes wrong into application/problem+json: what, with which value, what to do; never a stack trace.</summary>
sealed class Problems(ILogger<Problems> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested)
            return true;
        var problem = Describe(exception);
        if (problem.Status == 503)
            logger.LogWarning("{Method} {Path}: {Error}", context.Request.Method, context.Request.Path, exception.Message);
        else if (problem.Status >= 500)
            logger.LogError(exception, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
        await AnswerAsync(context, exception, problem, cancellationToken);
        return true;
    }

    /// <summary>The same answer where nothing was thrown.</summary>
    public static Task AnswerAsync(HttpContext context, Exception refusal) => AnswerAsync(context, refusal, Describe(refusal), context.RequestAborted);

    static Task AnswerAsync(HttpContext context, Exception exception, ProblemDetails problem, CancellationToken cancel)
    {
        // What was refused may have left its statement half prepared on its connection (see LogWrite).
        if (RefusedData.In(exception) is not null)
            context.RequestServices.GetRequiredService<Npgsql.NpgsqlDataSource>().Clear();
        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == 401)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        if (problem.Status == 503)
            context.Response.Headers.RetryAfter = "2";
        if (exception is TooMany { Wait: var wait })
            context.Response.Headers.RetryAfter = FailureLimit.Seconds(wait);
        return context.Response.WriteAsJsonAsync(problem, Engine.Log.Wire.Json, "application/problem+json", cancel);
    }

    static ProblemDetails Describe(Exception exception) => exception switch
    {
        SubmissionRefused refused => With(
            refused.Errors.Any(e => e.TooLarge) ? 413 : 422, "The request cannot be accepted", refused.Message,
            ("errors", refused.Errors.GroupBy(e => e.Field).ToDictionary(g => g.Key, g => g.Select(e => e.Message).ToArray()))),
        Malformed malformed => With(400, "The request cannot be read", malformed.Message),
        BadHttpRequestException bad => With(bad.StatusCode, bad.StatusCode == 413 ? "The request is too large" : "The request cannot be read", bad.Message),
        NoAccess nobody => With(401, "Not signed in", nobody.Message),
        NotAllowed { Role: null } ended => With(401, "Not signed in", ended.Message),
        NotAllowed missing => With(
            403, "Not allowed", missing.Message, ("right", missing.Right.Name()), ("role", missing.Role!.Value.Name()), ("roles", Rights.Who(missing.Right).Select(r => r.Name()).ToArray())),
        Foreign foreign => With(403, "From another site", foreign.Message),
        WrongMedia media => With(415, "The request cannot be read", media.Message),
        TooMany many => With(429, "Too many requests", many.Message),
        NoSuchKey or NoSuchAccount => With(404, "Not found", exception.Message),
        NameTaken or AccountRefused => With(409, "Not possible", exception.Message),
        NotThere missing => With(404, "Not found", missing.Message),
        PlaybookRejected rejected => With(409, rejected.Title, rejected.Message),
        MissionRejected rejected => With(409, rejected.Title, rejected.Message),
        WebhookRejected rejected => With(409, "Not possible now", rejected.Message),
        JobRefused refused => With(refused.IsUnknown ? 404 : 409, refused.Title, refused.Message),
        KeyReused reused => With(409, "Key used before", reused.Message),
        VersionMoved moved => With(409, "The pipeline moved on", moved.Message, ("version", moved.State.Version), ("pipeline_status", moved.State.Status.Name())),
        PipelineRejected { State.Exists: false } unknown => With(404, "Not found", unknown.Message),
        PipelineRejected rejected => With(409, rejected.Title, rejected.Message, ("version", rejected.State.Version), ("pipeline_status", rejected.State.Status.Name())),
        _ when RefusedData.In(exception) is { } refused => With(422, "The request cannot be accepted", RefusedData.Says(refused, "was given")),
        _ when DatabaseAway.IsCauseOf(exception) => With(503, "The database is away", "The database does not answer right now; try again in a moment, with the same Idempotency-Key where there was one."),
        _ => With(500, "Something unforeseen happened", "The request could not be finished; the server's log has the details."),
    };

    static ProblemDetails With(int status, string title, string detail, params (string Name, object Value)[] more)
    {
        var problem = new ProblemDetails { Status = status, Title = title, Detail = detail, Type = "about:blank" };
        foreach (var (name, value) in more)
            problem.Extensions[name] = value;
        return problem;
    }
}
