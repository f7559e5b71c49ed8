using Grace.Engine.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Grace.Web.Access;

/// <summary>The people who may sign in: made, changed, disabled, each change with its event in the log.</summary>
sealed class People(IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>Of nobody: checked where there is no such person, so that the answer takes as long.</summary>
    static readonly Lazy<string> NobodysHash = new(() => new PasswordHasher<Person>().HashPassword(new(), Guid.NewGuid().ToString()));

    public async Task<IReadOnlyList<Person>> ListAsync(CancellationToken cancel = default)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AccessDb>().Users.AsNoTracking().OrderBy(p => p.NormalizedUserName).ToListAsync(cancel);
    }

    /// <summary>Whether anybody could let others in; until then the login link makes the first administrator.</summary>
    public async Task<bool> HasAdminAsync(CancellationToken cancel = default)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AccessDb>().Users.AnyAsync(p => p.Role == "admin" && p.DisabledAt == null, cancel);
    }

    /// <exception cref="AccountRefused">There is an administrator already, or the name is taken.</exception>
    public async Task<Person> CreateFirstAdminAsync(string name, string password, CancellationToken cancel)
    {
        await using var change = await AccessChange.BeginAsync(scopes, cancel);
        if (await change.HasAdminAsync(null, cancel))
            throw new AccountRefused("There is an administrator already; ask for an invitation.");
        var now = clock.GetUtcNow();
        var person = await change.AddAsync(name, Role.Admin, password, now);
        await change.RecordAsync(new AccessEvent.PersonJoined(name, Role.Admin, "login link"), name, now, cancel);
        await change.CommitAsync(cancel);
        return person;
    }

    /// <summary>Whoever has this name and password; null for a wrong name, a wrong password, somebody disabled or locked out, all alike.</summary>
    public async Task<Person?> SignInAsync(string name, string password, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        cancel.ThrowIfCancellationRequested();
        var person = await users.FindByNameAsync(name);
        if (person?.PasswordHash is null || password.Length > PersonRules.LongestPassword)
        {
            users.PasswordHasher.VerifyHashedPassword(new(), NobodysHash.Value, password.Length > PersonRules.LongestPassword ? "" : password);
            return null;
        }
        var right = await users.CheckPasswordAsync(person, password);
        if (person.DisabledAt is not null || await users.IsLockedOutAsync(person))
            return null;
        if (right)
            await users.ResetAccessFailedCountAsync(person);
        else
            await users.AccessFailedAsync(person);
        return right ? person : null;
    }

    /// <exception cref="NoSuchAccount">Nobody has this name.</exception>
    /// <exception cref="AccountRefused">It would leave nobody who can manage access.</exception>
    public Task ChangeRoleAsync(string name, Role role, string by, CancellationToken cancel = default) => ChangeAsync(name, async (change, person) =>
    {
        if (person.Role == role.Name())
            return null;
        if (role != Role.Admin)
            await RequireAnotherAdmin(change, person, cancel);
        var before = person.Role;
        person.Role = role.Name();
        return new AccessEvent.RoleChanged(person.UserName!, before, role);
    }, by, cancel);

    /// <summary>Ends all sessions, too; what the person did stays under the name.</summary>
    /// <exception cref="NoSuchAccount">Nobody has this name.</exception>
    /// <exception cref="AccountRefused">It would leave nobody who can manage access.</exception>
    public Task DisableAsync(string name, string by, CancellationToken cancel = default) => ChangeAsync(name, async (change, person) =>
    {
        if (person.DisabledAt is not null)
            return null;
        await RequireAnotherAdmin(change, person, cancel);
        person.DisabledAt = clock.GetUtcNow();
        await change.Users.UpdateSecurityStampAsync(person);
        return new AccessEvent.PersonDisabled(person.UserName!, person.Role);
    }, by, cancel);

    /// <exception cref="NoSuchAccount">Nobody has this name.</exception>
    public Task EnableAsync(string name, string by, CancellationToken cancel = default) => ChangeAsync(name, (_, person) =>
    {
        var was = person.DisabledAt;
        person.DisabledAt = null;
        return Task.FromResult<AccessEvent?>(was is null ? null : new AccessEvent.PersonEnabled(person.UserName!, person.Role));
    }, by, cancel);

    /// <summary>Signs the person out everywhere.</summary>
    /// <exception cref="Engine.SubmissionRefused">The password is too weak.</exception>
    public Task ChangePasswordAsync(string name, string password, CancellationToken cancel = default) => ChangeAsync(name, async (change, person) =>
    {
        await change.SetPasswordAsync(person, password);
        return new AccessEvent.PasswordChanged(person.UserName!);
    }, name, cancel);

    static async Task RequireAnotherAdmin(AccessChange change, Person person, CancellationToken cancel)
    {
        if (person is { Role: "admin", DisabledAt: null } && !await change.HasAdminAsync(person.Id, cancel))
            throw new AccountRefused($"'{person.UserName}' is the last administrator; make somebody else one first.");
    }

    async Task ChangeAsync(string name, Func<AccessChange, Person, Task<AccessEvent?>> make, string by, CancellationToken cancel)
    {
        await using var change = await AccessChange.BeginAsync(scopes, cancel);
        var person = await change.Users.FindByNameAsync(name) ?? throw new NoSuchAccount($"There is nobody named '{name}'.");
        if (await make(change, person) is not { } made)
            return;
        await change.Db.SaveChangesAsync(cancel);
        await change.RecordAsync(made, by, clock.GetUtcNow(), cancel);
        await change.CommitAsync(cancel);
    }
}
