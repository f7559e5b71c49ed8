using Grace.Engine.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Grace.Web.Access;

/// <summary>Somebody who signs in with a password; the user name is what the log says.</summary>
public sealed class Person : IdentityUser<Guid>
{
    public string Role { get; set; } = Engine.Access.Role.Viewer.Name();
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null: may sign in.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}

/// <summary>Identity's tables in the schema grace_access; Engine/Access/Sql/access.sql makes them.</summary>
sealed class AccessDb(DbContextOptions<AccessDb> options) : IdentityUserContext<Person, Guid>(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema("grace_access");
        builder.Entity<Person>().ToTable("people");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("person_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("person_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("person_tokens");
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
            property.SetColumnName(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
    }
}

/// <summary>Which names and passwords people can have: pure.</summary>
static class PersonRules
{
    public const int ShortestPassword = 12;
    public const int LongestPassword = 256;
    const int LongestName = 60;
    static readonly string[] Reserved = ["owner", "system", "api-key", "nobody", "admin", "guardian", "operator", "viewer"];

    /// <summary>What is wrong with a name; null: nothing. The log tells people apart by name, so none may look like another caller's.</summary>
    public static string? Flaw(string? name) => name switch
    {
        null or "" => "name is missing; say what the log is to call the person.",
        { Length: > LongestName } => $"name has {name.Length} characters; at most {LongestName} are allowed.",
        _ when !char.IsAsciiLetterOrDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@') =>
            $"name is '{name}'; allowed are letters, digits, and . - _ @ after the first.",
        _ when Reserved.Contains(name.ToLowerInvariant()) || name.EndsWith("@cli", StringComparison.OrdinalIgnoreCase) => $"name is '{name}', which Grace uses itself; choose another.",
        _ => null,
    };
}
