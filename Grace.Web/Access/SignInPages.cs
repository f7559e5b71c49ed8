using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;

namespace Grace.Web.Access;

/// <summary>What somebody without a login sees: plain HTML forms that work without a script, since nothing else is served to them.</summary>
sealed class SignInPages(IAntiforgery antiforgery)
{
    /// <summary>Token mode: the login link, or its token.</summary>
    public IResult Token(HttpContext http, string? problem, string? back, int status = 200) => Page(http, "Sign in", problem, status, $"""
        <p>Open the login link that <code>./grace serve</code> printed, or paste its token here.</p>
        {Form(http, "/login", back)}
          <label>Token <input name="token" type="password" required autofocus autocomplete="current-password"></label>
          <button>Sign in</button>
        </form>
        """);

    public IResult Password(HttpContext http, string? problem, string? back, int status = 200) => Page(http, "Sign in", problem, status, $"""
        {Form(http, "/login", back)}
          <label>Name <input name="name" required autofocus maxlength="60" autocomplete="username" autocapitalize="none" spellcheck="false"></label>
          <label>Password <input name="password" type="password" required maxlength="{PersonRules.LongestPassword}" autocomplete="current-password"></label>
          <button>Sign in</button>
        </form>
        <p class="small">No account, or the password is lost? An administrator can send you a link.</p>
        """);

    /// <summary>Accounts without an administrator: whoever has the login link becomes the first.</summary>
    public IResult FirstAdmin(HttpContext http, string token, string? name, string? problem, int status = 200) => Page(http, "The first administrator", problem, status, $"""
        <p>Grace has no administrator yet. Make yourself one: you can then invite others and say what each may do.</p>
        {Form(http, "/login/first", null)}
          <input type="hidden" name="token" value="{Encode(token)}">
          <label>Name <input name="name" required autofocus maxlength="60" value="{Encode(name)}" autocomplete="username" autocapitalize="none" spellcheck="false" aria-describedby="name-rule"></label>
          <p class="small" id="name-rule">The log calls you by it: letters, digits, and . - _ @.</p>
          {NewPassword}
          <button>Create the account</button>
        </form>
        """);

    public IResult Invited(HttpContext http, string secret, Invitation invitation, string? problem, int status = 200) => Page(
        http, invitation.IsReset ? "A new password" : "Welcome to Grace", problem, status, $"""
        <p>{(invitation.IsReset ? $"Choose a new password for <b>{Encode(invitation.Name)}</b>; you are signed out everywhere else." : $"{Encode(invitation.CreatedBy)} invited you as <b>{Encode(invitation.Name)}</b>. Choose a password.")}</p>
        {Form(http, "/invitation", null)}
          <input type="hidden" name="code" value="{Encode(secret)}">
          <input type="hidden" name="name" value="{Encode(invitation.Name)}" autocomplete="username">
          {NewPassword}
          <button>{(invitation.IsReset ? "Set the password" : "Join")}</button>
        </form>
        """);

    public IResult NotInvited(HttpContext http) => Page(http, "This link is used up", null, 404, """
        <p>It was used already, was taken back, or is too old. Ask an administrator for a new one.</p>
        <p><a href="/login">Sign in</a></p>
        """);

    public IResult OwnPassword(HttpContext http, string? problem, int status = 200) => Page(http, "Change your password", problem, status, $"""
        <p>You are signed out everywhere else.</p>
        {Form(http, "/password", null)}
          <input type="hidden" name="name" value="{Encode(http.User.Identity?.Name)}" autocomplete="username">
          <label>Password now <input name="current" type="password" required autofocus maxlength="{PersonRules.LongestPassword}" autocomplete="current-password"></label>
          {NewPassword}
          <button>Change it</button>
        </form>
        <p><a href="/access">Back to Grace</a></p>
        """);

    static readonly string NewPassword = $"""
        <label>Password <input name="password" type="password" required minlength="{PersonRules.ShortestPassword}" maxlength="{PersonRules.LongestPassword}" autocomplete="new-password" aria-describedby="password-rule"></label>
        <p class="small" id="password-rule">At least {PersonRules.ShortestPassword} characters; a few words together do well.</p>
        """;

    string Form(HttpContext http, string action, string? back)
    {
        var token = antiforgery.GetAndStoreTokens(http);
        return $"""
            <form method="post" action="{action}">
            <input type="hidden" name="{token.FormFieldName}" value="{Encode(token.RequestToken)}">
            {(back is null ? "" : $"<input type=\"hidden\" name=\"return\" value=\"{Encode(back)}\">")}
            """;
    }

    static IResult Page(HttpContext http, string title, string? problem, int status, string body)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Content($"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} · Grace</title>
              <link rel="icon" type="image/svg+xml" href="/favicon.svg"><link rel="stylesheet" href="/css/signin.css">
            </head>
            <body><main>
              <p class="brand">Grace</p>
              <h1>{title}</h1>
              {(problem is null ? "" : $"<p class=\"wrong\" role=\"alert\">{Encode(problem)}</p>")}
              {body}
            </main></body>
            </html>
            """, "text/html; charset=utf-8", statusCode: status);
    }

    static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");
}
