using Grace.Engine.Access;
using Grace.Engine.Pipelines;
using Grace.Engine;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication;

namespace Grace.Web.Access;

/// <summary>Signing in and out: by the login link, by password, by invitation. Each attempt counts against the address that makes it.</summary>
static class SignInEndpoints
{
    const string WrongLink = "That login link is not valid any more.";
    const string WrongPassword = "Name and password do not match, or there were too many attempts for this name. Try again in a few minutes.";
    const string Slowly = "Too many attempts came from your address. Wait a minute, then try again.";
    const string Stale = "The form was open for too long, or cookies are blocked. Try again.";

    public static void MapSignIn(this WebApplication app)
    {
        app.MapGet("/login", LoginPage).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/login", Login).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/login/first", FirstAdmin).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/invitation", InvitationPage).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/invitation", Join).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/password", PasswordPage).Needs(Right.Read).ExcludeFromDescription();
        app.MapPost("/password", ChangePassword).Needs(Right.Read).ExcludeFromDescription();
        app.MapPost("/logout", (Delegate)Logout).AllowAnonymous().ExcludeFromDescription();
    }

    static async Task<IResult> LoginPage(HttpContext http, GraceOptions options, LoginLink link, People people, SignInPages pages, FailureLimit failures, string? token, CancellationToken cancel)
    {
        var back = Local(http.Request.Query["return"]);
        if (token is null)
            return options.Access.UsesAccounts ? pages.Password(http, null, back) : pages.Token(http, null, back);
        return await ByToken(http, options, link, people, pages, failures, token, back, cancel);
    }

    static async Task<IResult> ByToken(
        HttpContext http, GraceOptions options, LoginLink link, People people, SignInPages pages, FailureLimit failures, string token, string? back, CancellationToken cancel)
    {
        var accounts = options.Access.UsesAccounts;
        if (!link.IsToken(token))
            return (accounts, TooOften(http, failures)) switch
            {
                (true, true) => pages.Password(http, Slowly, back, 429),
                (true, false) => pages.Password(http, WrongLink, back, 401),
                (false, true) => pages.Token(http, Slowly, back, 429),
                (false, false) => pages.Token(http, WrongLink, back, 401),
            };
        if (accounts)
            return await people.HasAdminAsync(cancel) ? pages.Password(http, "The login link has done its work: there is an administrator. Sign in with your name.", back, 401) : pages.FirstAdmin(http, token, null, null);
        await SignIn(http, CallerKind.Owner, "owner", Role.Admin, "", link.Stamp);
        return Results.LocalRedirect(back ?? "/");
    }

    static async Task<IResult> Login(
        HttpContext http, GraceOptions options, LoginLink link, People people, SignInPages pages, FailureLimit failures, IAntiforgery antiforgery, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(http.Request, cancel);
        var back = Local(form["return"]);
        if (!options.Access.UsesAccounts)
            return await antiforgery.IsRequestValidAsync(http) ? await ByToken(http, options, link, people, pages, failures, form["token"].ToString(), back, cancel) : pages.Token(http, Stale, back, 400);
        if (!await antiforgery.IsRequestValidAsync(http))
            return pages.Password(http, Stale, back, 400);
        if (TooOften(http, failures))
            return pages.Password(http, Slowly, back, 429);
        if (await people.SignInAsync(form["name"].ToString().Trim(), form["password"].ToString(), cancel) is not { } person)
            return pages.Password(http, WrongPassword, back, 401);
        await SignIn(http, person);
        return Results.LocalRedirect(back ?? "/");
    }

    static async Task<IResult> FirstAdmin(
        HttpContext http, GraceOptions options, LoginLink link, People people, SignInPages pages, FailureLimit failures, IAntiforgery antiforgery, CancellationToken cancel)
    {
        if (!options.Access.UsesAccounts)
            return Results.NotFound();
        var form = await FormBody.ReadAsync(http.Request, cancel);
        var (token, name) = (form["token"].ToString(), form["name"].ToString().Trim());
        if (!link.IsToken(token))
            return TooOften(http, failures) ? pages.Password(http, Slowly, null, 429) : pages.Password(http, WrongLink, null, 401);
        if (!await antiforgery.IsRequestValidAsync(http))
            return pages.FirstAdmin(http, token, name, Stale, 400);
        if (PersonRules.Flaw(name) is { } flaw)
            return pages.FirstAdmin(http, token, name, flaw, 422);
        try
        {
            await SignIn(http, await people.CreateFirstAdminAsync(name, form["password"].ToString(), cancel));
            return Results.LocalRedirect("/access");
        }
        catch (SubmissionRefused refused)
        {
            return pages.FirstAdmin(http, token, name, refused.Message, 422);
        }
        catch (AccountRefused refused)
        {
            return pages.Password(http, refused.Message, null, 409);
        }
    }

    static async Task<IResult> InvitationPage(HttpContext http, Invitations invitations, SignInPages pages, FailureLimit failures, string? code, CancellationToken cancel)
    {
        if (await invitations.FindAsync(code, cancel) is { } found)
            return pages.Invited(http, code!, found, null);
        return TooOften(http, failures) ? pages.Password(http, Slowly, null, 429) : pages.NotInvited(http);
    }

    static async Task<IResult> Join(HttpContext http, Invitations invitations, SignInPages pages, FailureLimit failures, IAntiforgery antiforgery, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(http.Request, cancel);
        var code = form["code"].ToString();
        if (await invitations.FindAsync(code, cancel) is not { } invitation)
            return TooOften(http, failures) ? pages.Password(http, Slowly, null, 429) : pages.NotInvited(http);
        if (!await antiforgery.IsRequestValidAsync(http))
            return pages.Invited(http, code, invitation, Stale, 400);
        try
        {
            await SignIn(http, await invitations.AcceptAsync(code, form["password"].ToString(), cancel));
            return Results.LocalRedirect("/");
        }
        catch (Exception refused) when (refused is SubmissionRefused or AccountRefused)
        {
            return pages.Invited(http, code, invitation, refused.Message, 422);
        }
    }

    static IResult PasswordPage(HttpContext http, SignInPages pages) =>
        Caller.KindOf(http.User) == CallerKind.Person ? pages.OwnPassword(http, null) : Results.NotFound();

    static async Task<IResult> ChangePassword(HttpContext http, People people, SignInPages pages, FailureLimit failures, IAntiforgery antiforgery, CancellationToken cancel)
    {
        if (Caller.KindOf(http.User) != CallerKind.Person)
            return Results.NotFound();
        var (form, name) = (await FormBody.ReadAsync(http.Request, cancel), http.User.Identity!.Name!);
        if (!await antiforgery.IsRequestValidAsync(http))
            return pages.OwnPassword(http, Stale, 400);
        if (TooOften(http, failures))
            return pages.OwnPassword(http, Slowly, 429);
        if (await people.SignInAsync(name, form["current"].ToString(), cancel) is null)
            return pages.OwnPassword(http, "The password now is another one.", 401);
        try
        {
            await people.ChangePasswordAsync(name, form["password"].ToString(), cancel);
        }
        catch (SubmissionRefused refused)
        {
            return pages.OwnPassword(http, refused.Message, 422);
        }
        // This browser's session has ended with the others; it begins anew with the new password.
        if (await people.SignInAsync(name, form["password"].ToString(), cancel) is { } person)
            await SignIn(http, person);
        return Results.LocalRedirect("/access");
    }

    static async Task<IResult> Logout(HttpContext http)
    {
        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.LocalRedirect("/login");
    }

    static bool TooOften(HttpContext http, FailureLimit failures)
    {
        if (failures.Count(http, FailureLimit.SignIns))
            return false;
        http.Response.Headers.RetryAfter = FailureLimit.Seconds(FailureLimit.Wait(http)!.Value);
        return true;
    }

    static Task SignIn(HttpContext http, Person person) => SignIn(
        http, CallerKind.Person, person.UserName!, Rights.Parse(person.Role) ?? Role.Viewer, person.Id.ToString(), person.SecurityStamp ?? "");

    static Task SignIn(HttpContext http, CallerKind kind, string name, Role role, string id, string stamp) => http.SignInAsync(
        CookieAuthenticationDefaults.AuthenticationScheme, Caller.Of(CookieAuthenticationDefaults.AuthenticationScheme, kind, name, role, id, stamp),
        new AuthenticationProperties { IsPersistent = true });

    /// <summary>A path of our own; anything that could lead elsewhere is dropped.</summary>
    static string? Local(string? path) =>
        path is { Length: > 1 and < 2000 } && path[0] == '/' && path[1] is not ('/' or '\\') && !path.Any(char.IsControl) && !path.StartsWith("/login", StringComparison.Ordinal) ? path : null;
}
