using System.Security.Claims;
using Dapper;
using Grace.Engine;
using Grace.Engine.Access;
using Npgsql;

namespace Grace.Web.Access;

/// <summary>What somebody may at this moment: asked of the database each time and kept nowhere.</summary>
sealed class AccessCheck(GraceOptions options, LoginLink link, ApiKeys keys, NpgsqlDataSource database)
{
    /// <summary>Null: no access, or none any more.</summary>
    public async ValueTask<Role?> RoleNowAsync(ClaimsPrincipal who, CancellationToken cancel) => Caller.KindOf(who) switch
    {
        CallerKind.Bootstrap => Role.Admin,
        CallerKind.Owner => !options.Access.UsesAccounts && Caller.StampOf(who) == link.Stamp ? Role.Admin : null,
        CallerKind.Key => (await keys.FindByIdAsync(Caller.IdOf(who), cancel))?.Role,
        CallerKind.Person => options.Access.UsesAccounts && Guid.TryParse(Caller.IdOf(who), out var id) ? await RoleOfAsync(id, Caller.StampOf(who), cancel) : null,
        _ => null,
    };

    public Issuer IssuerOf(ClaimsPrincipal who) => new SignedIn(who, this);

    async Task<Role?> RoleOfAsync(Guid id, string stamp, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return Rights.Parse(await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "select role from grace_access.people where id = @id and security_stamp = @stamp and disabled_at is null", new { id, stamp }, cancellationToken: cancel)));
    }

    sealed class SignedIn(ClaimsPrincipal who, AccessCheck access) : Issuer
    {
        public override string Name => who.Identity?.Name ?? "nobody";

        public override async ValueTask DemandAsync(Right right, CancellationToken cancel)
        {
            var role = await access.RoleNowAsync(who, cancel);
            if (role is not { } has || !Rights.Has(has, right))
                throw new NotAllowed(right, role, Name);
        }
    }
}
