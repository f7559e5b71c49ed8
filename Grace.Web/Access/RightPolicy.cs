using Grace.Engine.Access;
using Grace.Web.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Grace.Web.Access;

sealed record RightRequirement(Right Right) : IAuthorizationRequirement;

/// <summary>A hub or one of its methods needs a right.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
sealed class NeedsAttribute(Right right) : AuthorizeAttribute(right.Name());

/// <summary>One policy a right, named as the right is.</summary>
static class RightPolicy
{
    public static IServiceCollection AddRightPolicies(this IServiceCollection services)
    {
        var authorization = services.AddAuthorizationBuilder();
        foreach (var right in Rights.All)
            authorization.AddPolicy(right.Name(), policy => policy.RequireAuthenticatedUser().AddRequirements(new RightRequirement(right)));
        // What names no right is for nobody but who may read; a test sees to it that everything names one.
        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new RightRequirement(Right.Read)).Build());
        return services.AddSingleton<IAuthorizationHandler, RoleHasRight>().AddSingleton<IAuthorizationMiddlewareResultHandler, RefusalAnswer>();
    }

    public static T Needs<T>(this T endpoint, Right right) where T : IEndpointConventionBuilder => endpoint.RequireAuthorization(right.Name());
}

sealed class RoleHasRight : AuthorizationHandler<RightRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RightRequirement requirement)
    {
        if (Caller.RoleOf(context.User) is { } role && Rights.Has(role, requirement.Right))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}

/// <summary>401, 403 and 429 say what is missing and what to do, as problem+json; pages lead to the sign-in.</summary>
sealed class RefusalAnswer : IAuthorizationMiddlewareResultHandler
{
    readonly AuthorizationMiddlewareResultHandler otherwise = new();

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded || (authorizeResult.Challenged && !IsForPrograms(context.Request)))
            await otherwise.HandleAsync(next, context, policy, authorizeResult);
        else if (FailureLimit.Wait(context) is { } wait)
            await Problems.AnswerAsync(context, new TooMany("Too many wrong keys came from this address; wait, and give a key in force.", wait));
        else if (authorizeResult.Challenged)
            await Problems.AnswerAsync(context, new NoAccess(BearerKey.Of(context.Request) is null
                ? "Nobody is signed in. Give 'Authorization: Bearer KEY' with an API key, or sign in at /login."
                : "The key is not known, or was revoked or has expired. Keys are made at /access."));
        else
            await Problems.AnswerAsync(context, new NotAllowed(
                authorizeResult.AuthorizationFailure?.FailedRequirements.OfType<RightRequirement>().FirstOrDefault()?.Right ?? Right.Read,
                Caller.RoleOf(context.User), context.User.Identity?.Name ?? "nobody"));
    }

    static bool IsForPrograms(HttpRequest request) =>
        request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/hubs") || request.Path.StartsWithSegments("/openapi") || request.Path.StartsWithSegments("/_blazor")
        || BearerKey.Of(request) is not null;
}
