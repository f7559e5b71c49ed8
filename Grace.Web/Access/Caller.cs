using System.Globalization;
using System.Security.Claims;
using Grace.Engine.Access;

namespace Grace.Web.Access;

/// <summary>How somebody is known.</summary>
enum CallerKind { Owner, Bootstrap, Key, Person }

/// <summary>Whoever calls, as claims: what is needed to ask at any later moment whether the access still stands.</summary>
static class Caller
{
    const string Kind = "grace:kind";
    const string Identity = "grace:id";
    const string StampClaim = "grace:stamp";
    const string Expires = "grace:expires";

    public static ClaimsPrincipal Of(string scheme, CallerKind kind, string name, Role role, string id = "", string stamp = "", DateTimeOffset? expires = null)
    {
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, name), new(ClaimTypes.Role, role.Name()), new(Kind, kind.ToString()), new(Identity, id), new(StampClaim, stamp)], scheme);
        if (expires is { } end)
            identity.AddClaim(new(Expires, end.ToString("O", CultureInfo.InvariantCulture)));
        return new(identity);
    }

    /// <summary>The same with another role.</summary>
    public static ClaimsPrincipal As(ClaimsPrincipal who, Role role) => new(new ClaimsIdentity(
        [.. who.Claims.Where(c => c.Type != ClaimTypes.Role), new(ClaimTypes.Role, role.Name())], who.Identity?.AuthenticationType));

    public static CallerKind? KindOf(ClaimsPrincipal who) => Enum.TryParse<CallerKind>(who.FindFirstValue(Kind), out var kind) ? kind : null;

    public static string IdOf(ClaimsPrincipal who) => who.FindFirstValue(Identity) ?? "";

    public static string StampOf(ClaimsPrincipal who) => who.FindFirstValue(StampClaim) ?? "";

    public static DateTimeOffset? ExpiryOf(ClaimsPrincipal who) =>
        DateTimeOffset.TryParse(who.FindFirstValue(Expires), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var end) ? end : null;

    /// <summary>The role when it was last looked at.</summary>
    public static Role? RoleOf(ClaimsPrincipal who) => who.Identity is { IsAuthenticated: true } ? Rights.Parse(who.FindFirstValue(ClaimTypes.Role)) : null;
}

/// <summary>Who looks at a page and what they may; for how the page looks. What is issued is authorised again.</summary>
public sealed record Standing(string Name, Role Role)
{
    public bool May(Right right) => Rights.Has(Role, right);

    public static Standing? Of(ClaimsPrincipal who) => Caller.RoleOf(who) is { } role ? new(who.Identity!.Name!, role) : null;
}
