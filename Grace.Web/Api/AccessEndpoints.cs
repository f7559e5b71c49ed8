using Grace.Engine;
using Grace.Engine.Access;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Web.Access;

namespace Grace.Web.Api;

/// <summary>Who has access: API keys, and with accounts the people. A secret is in the answer that makes it and in no other.</summary>
static class AccessEndpoints
{
    static readonly string Roles = string.Join(", ", Rights.AllRoles.Select(r => r.Name()));

    public static void MapAccess(this RouteGroupBuilder api)
    {
        api.MapGet("/access/me", Me).Needs(Right.Read).WithSummary("Who calls, and what they may");
        api.MapGet("/access/keys", Keys).Needs(Right.ManageAccess).WithSummary("API keys that are not revoked, by name");
        api.MapPost("/access/keys", CreateKey).Needs(Right.ManageAccess).WithSummary("A new API key: {name, role, expires_at?}; key is in this answer alone").Produces(201).ProducesProblem(409).ProducesProblem(422);
        api.MapDelete("/access/keys/{id}", RevokeKey).Needs(Right.ManageAccess).WithSummary("Revokes a key, at once").Produces(204).ProducesProblem(404);
        api.MapGet("/access/people", AllPeople).Needs(Right.ManageAccess).WithSummary("People with accounts, and open invitations").ProducesProblem(409);
        api.MapPost("/access/invitations", Invite).Needs(Right.ManageAccess).WithSummary("An invitation: {name, role}; link is in this answer alone").Produces(201).ProducesProblem(409).ProducesProblem(422);
        api.MapDelete("/access/invitations/{id}", TakeBack).Needs(Right.ManageAccess).WithSummary("Takes an invitation back").Produces(204).ProducesProblem(404);
        api.MapPatch("/access/people/{name}", Change).Needs(Right.ManageAccess).WithSummary("Another role, disabled or enabled: {role?, disabled?}").Produces(204).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
    }

    static IResult Me(HttpContext http)
    {
        var role = Caller.RoleOf(http.User)!.Value;
        return Results.Json(new { http.User.Identity!.Name, Role = role, Rights = Rights.Of(role).Select(r => r.Name()) }, Wire.Json);
    }

    static async Task<IResult> Keys(ApiKeys keys, CancellationToken cancel)
    {
        var found = await keys.ListAsync(cancel);
        return Results.Json(new { Keys = found.Select(k => Json(k, null)), Total = found.Count }, Wire.Json);
    }

    static async Task<IResult> CreateKey(HttpContext http, ApiKeys keys, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(http.Request, cancel);
        var (name, role, expires) = (body.Text("name"), RoleIn(body), Query.Time(body.Text("expires_at"), "expires_at", body.Errors));
        body.End();
        var (key, secret) = await keys.CreateAsync(name?.Trim(), role!.Value, expires, http.User.Identity!.Name!, cancel);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(Json(key, secret), Wire.Json, statusCode: 201);
    }

    static async Task<IResult> RevokeKey(string id, HttpContext http, ApiKeys keys, CancellationToken cancel)
    {
        await keys.RevokeAsync(id, http.User.Identity!.Name!, cancel);
        return Results.NoContent();
    }

    static async Task<IResult> AllPeople(GraceOptions options, People people, Invitations invitations, CancellationToken cancel)
    {
        NeedsAccounts(options);
        var (found, open) = (await people.ListAsync(cancel), await invitations.ListAsync(cancel));
        return Results.Json(new
        {
            People = found.Select(p => new { Name = p.UserName, p.Role, p.CreatedAt, Disabled = p.DisabledAt is not null, p.DisabledAt }),
            Invitations = open.Select(i => new { i.Id, i.Name, i.Role, i.CreatedAt, i.CreatedBy, i.ExpiresAt }),
            Total = found.Count,
        }, Wire.Json);
    }

    static async Task<IResult> Invite(HttpContext http, GraceOptions options, Invitations invitations, CancellationToken cancel)
    {
        NeedsAccounts(options);
        var body = await JsonBody.ReadAsync(http.Request, cancel);
        var (name, role) = (body.Text("name"), RoleIn(body));
        body.End();
        var (made, secret) = await invitations.InviteAsync(name?.Trim(), role!.Value, http.User.Identity!.Name!, cancel);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new { made.Id, made.Name, made.Role, made.ExpiresAt, Link = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/invitation?code={secret}" }, Wire.Json, statusCode: 201);
    }

    static async Task<IResult> TakeBack(string id, HttpContext http, GraceOptions options, Invitations invitations, CancellationToken cancel)
    {
        NeedsAccounts(options);
        await invitations.RevokeAsync(id, http.User.Identity!.Name!, cancel);
        return Results.NoContent();
    }

    static async Task<IResult> Change(string name, HttpContext http, GraceOptions options, People people, CancellationToken cancel)
    {
        NeedsAccounts(options);
        var body = await JsonBody.ReadAsync(http.Request, cancel);
        var (role, disabled) = (RoleIn(body, needed: body.Has("role")), body.Flag("disabled"));
        if (body.Errors.Count == 0 && disabled is null == (role is null))
            body.Refuse("role", "One thing at a time: give role, or disabled.");
        body.End();
        var by = http.User.Identity!.Name!;
        await (role is { } wanted ? people.ChangeRoleAsync(name, wanted, by, cancel)
            : disabled!.Value ? people.DisableAsync(name, by, cancel) : people.EnableAsync(name, by, cancel));
        return Results.NoContent();
    }

    static object Json(ApiKey k, string? secret) => new { k.Id, k.Name, k.Role, k.Prefix, Key = secret, k.CreatedAt, k.CreatedBy, k.ExpiresAt, k.LastUsedAt };

    static void NeedsAccounts(GraceOptions options)
    {
        if (!options.Access.UsesAccounts)
            throw new AccountRefused("Grace:Access:Mode is 'token': there is one owner and no accounts. API keys are there in either mode.");
    }

    /// <param name="needed">False: it may be missing.</param>
    static Role? RoleIn(Fields body, bool needed = true)
    {
        var given = body.Text("role");
        var role = Rights.Parse(given);
        if (role is null && (needed || given is not null) && !body.IsWrong("role"))
            body.Refuse("role", given is null ? $"role is missing; allowed are {Roles}." : $"'{given}' is no role; allowed are {Roles}.");
        return role;
    }
}
