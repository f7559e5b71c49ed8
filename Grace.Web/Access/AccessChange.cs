using Grace.Engine.Access;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Grace.Web.Access;

/// <summary>What the state of the accounts does not allow: the last administrator, a name that is taken, a link that is used up.</summary>
sealed class AccountRefused(string message) : Exception(message);

/// <summary>Nobody, or no invitation, by that name.</summary>
sealed class NoSuchAccount(string message) : Exception(message);

/// <summary>One change of people: Identity's tables and the log in one transaction, one change after another on all nodes.</summary>
sealed class AccessChange : IAsyncDisposable
{
    readonly AsyncServiceScope scope;
    readonly IDbContextTransaction transaction;
    Appended appended;

    AccessChange(AsyncServiceScope scope, IDbContextTransaction transaction) => (this.scope, this.transaction) = (scope, transaction);

    public UserManager<Person> Users => scope.ServiceProvider.GetRequiredService<UserManager<Person>>();

    public AccessDb Db => scope.ServiceProvider.GetRequiredService<AccessDb>();

    public NpgsqlConnection Connection => (NpgsqlConnection)Db.Database.GetDbConnection();

    public NpgsqlTransaction Transaction => (NpgsqlTransaction)transaction.GetDbTransaction();

    public static async Task<AccessChange> BeginAsync(IServiceScopeFactory scopes, CancellationToken cancel)
    {
        var scope = scopes.CreateAsyncScope();
        try
        {
            var change = new AccessChange(scope, await scope.ServiceProvider.GetRequiredService<AccessDb>().Database.BeginTransactionAsync(cancel));
            await AccessEvents.TakeTurnAsync(change.Transaction, cancel);
            return change;
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
    }

    public async Task RecordAsync(AccessEvent what, string by, DateTimeOffset at, CancellationToken cancel) =>
        appended = await AccessEvents.AppendAsync(scope.ServiceProvider.GetRequiredService<LogWriter>(), Transaction, what, by, at, cancel);

    public async Task CommitAsync(CancellationToken cancel)
    {
        await transaction.CommitAsync(cancel);
        scope.ServiceProvider.GetRequiredService<LogSignal>().Commit(appended);
    }

    public Task<bool> HasAdminAsync(Guid? besides, CancellationToken cancel) =>
        Db.Users.AnyAsync(p => p.Role == "admin" && p.DisabledAt == null && p.Id != besides, cancel);

    /// <exception cref="SubmissionRefused">The password is too weak.</exception>
    public async Task<Person> AddAsync(string name, Role role, string password, DateTimeOffset at)
    {
        var person = new Person { Id = Guid.CreateVersion7(at), UserName = name, Role = role.Name(), CreatedAt = at };
        Require(await Users.CreateAsync(person, PersonPassword(password)));
        return person;
    }

    /// <summary>Ends all sessions of the person, too.</summary>
    /// <exception cref="SubmissionRefused">The password is too weak.</exception>
    public async Task SetPasswordAsync(Person person, string password)
    {
        // Checked first: a removed password with none in its place would lock the person out.
        foreach (var rule in Users.PasswordValidators)
            Require(await rule.ValidateAsync(Users, person, PersonPassword(password)));
        Require(await Users.RemovePasswordAsync(person));
        Require(await Users.AddPasswordAsync(person, password));
        Require(await Users.ResetAccessFailedCountAsync(person));
        Require(await Users.SetLockoutEndDateAsync(person, null));
    }

    static string PersonPassword(string password) => password.Length <= PersonRules.LongestPassword ? password
        : throw new SubmissionRefused([new("password", $"The password has {password.Length} characters; at most {PersonRules.LongestPassword} are allowed.")]);

    static void Require(IdentityResult result)
    {
        if (!result.Succeeded)
            throw result.Errors.Any(e => e.Code.StartsWith("Password", StringComparison.Ordinal))
                ? new SubmissionRefused([.. result.Errors.Select(e => new FieldError("password", Says(e)))])
                : new AccountRefused(string.Join(" ", result.Errors.Select(e => e.Description)));
    }

    static string Says(IdentityError error) => error.Code switch
    {
        "PasswordTooShort" => $"The password needs at least {PersonRules.ShortestPassword} characters.",
        "PasswordRequiresUniqueChars" => "The password repeats too few characters; use at least 5 different ones.",
        _ => error.Description,
    };

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await scope.DisposeAsync();
    }
}
