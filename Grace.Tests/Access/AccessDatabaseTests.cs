using Grace.Engine.Access;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Postgres;
using Grace.Engine;
using Grace.Tests.Support;
using Grace.Web.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Grace.Tests.Access;

/// <summary>Access on a real database: the tables, and changes that happen at once.</summary>
public class AccessDatabaseTests
{
    const string Password = "correct horse battery";

    [Fact]
    public async Task Nodes_that_start_at_once_make_the_tables_once_and_Identity_finds_them_as_it_expects_them()
    {
        var connection = await TestPostgres.EmptyDatabaseAsync();
        foreach (var database in await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Database.OpenAsync(connection))))
        {
            await using var db = new AccessDb(new DbContextOptionsBuilder<AccessDb>().UseNpgsql(database.Source).Options);
            (await db.Users.ToListAsync()).ShouldBeEmpty();
            (await db.UserClaims.ToListAsync()).ShouldBeEmpty();
            (await db.UserLogins.ToListAsync()).ShouldBeEmpty();
            (await db.UserTokens.ToListAsync()).ShouldBeEmpty();
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task Of_many_who_follow_the_login_link_at_once_one_becomes_the_first_administrator()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        await using var access = Accounts(grace);
        var people = access.GetRequiredService<People>();
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            try
            {
                await people.CreateFirstAdminAsync($"ada{n}", Password, default);
                return true;
            }
            catch (AccountRefused)
            {
                return false;
            }
        }));
        tries.Count(won => won).ShouldBe(1);
        (await people.ListAsync()).Count.ShouldBe(1);
        (await grace.Get<EventLog>().ReadStreamAsync(AccessEvents.Stream)).Single().Type.ShouldBe("access.person_joined");
    }

    [Fact]
    public async Task An_invitation_works_once_however_many_use_it_at_once_and_a_weak_password_does_not_use_it_up()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        await using var access = Accounts(grace);
        var invitations = access.GetRequiredService<Invitations>();
        var (_, secret) = await invitations.InviteAsync("bob", Role.Guardian, "ada");
        await Should.ThrowAsync<SubmissionRefused>(() => invitations.AcceptAsync(secret, "short", default));
        await Should.ThrowAsync<SubmissionRefused>(() => invitations.AcceptAsync(secret, "aaaaaaaaaaaaaaaa", default));
        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                return await invitations.AcceptAsync(secret, Password, default);
            }
            catch (AccountRefused)
            {
                return null;
            }
        }));
        tries.OfType<Person>().Single().ShouldSatisfyAllConditions(p => p.UserName.ShouldBe("bob"), p => p.Role.ShouldBe("guardian"));
        (await invitations.FindAsync(secret, default)).ShouldBeNull();
        foreach (var e in await grace.Get<EventLog>().ReadStreamAsync(AccessEvents.Stream))
        {
            e.Data.ShouldNotContain(secret);
            e.Data.ShouldNotContain(Password);
        }
    }

    [Fact]
    public async Task Two_administrators_who_disable_each_other_at_once_leave_one()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        await using var access = Accounts(grace);
        var (people, invitations) = (access.GetRequiredService<People>(), access.GetRequiredService<Invitations>());
        await people.CreateFirstAdminAsync("ada", Password, default);
        await invitations.AcceptAsync((await invitations.InviteAsync("bob", Role.Admin, "ada")).Secret, Password, default);
        await Task.WhenAll(Quietly(people.DisableAsync("ada", "bob")), Quietly(people.DisableAsync("bob", "ada")), Quietly(people.ChangeRoleAsync("ada", Role.Viewer, "bob")));
        (await people.ListAsync()).Count(p => p is { Role: "admin", DisabledAt: null }).ShouldBe(1);

        static async Task Quietly(Task change)
        {
            try
            {
                await change;
            }
            catch (AccountRefused)
            {
            }
        }
    }

    [Fact]
    public async Task Wrong_passwords_lock_a_name_and_a_link_for_a_new_password_opens_it_and_ends_the_old_sessions()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        await using var access = Accounts(grace);
        var (people, invitations) = (access.GetRequiredService<People>(), access.GetRequiredService<Invitations>());
        var ada = await people.CreateFirstAdminAsync("ada", Password, default);
        (await people.SignInAsync("ADA", Password, default))!.UserName.ShouldBe("ada");
        for (var attempt = 0; attempt < 5; attempt++)
            (await people.SignInAsync("ada", "wrong", default)).ShouldBeNull();
        (await people.SignInAsync("ada", Password, default)).ShouldBeNull();

        var check = access.GetRequiredService<AccessCheck>();
        var session = Caller.Of("test", CallerKind.Person, "ada", Role.Admin, ada.Id.ToString(), ada.SecurityStamp!);
        (await check.RoleNowAsync(session, default)).ShouldBe(Role.Admin);
        await invitations.AcceptAsync((await invitations.ResetAsync("ada", "ada")).Secret, "yet another password", default);
        (await check.RoleNowAsync(session, default)).ShouldBeNull();
        (await people.SignInAsync("ada", Password, default)).ShouldBeNull();
        (await people.SignInAsync("ada", "yet another password", default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_expired_key_is_no_key()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var keys = grace.Get<ApiKeys>();
        var (key, secret) = await keys.CreateAsync("ci", Role.Viewer, grace.Get<TimeProvider>().GetUtcNow().AddDays(1), "ada");
        (await keys.FindAsync(secret))!.Name.ShouldBe("ci");
        await TestPostgres.TamperAsync(grace.ConnectionString, $"update grace_access.keys set expires_at = now() - interval '1 second' where id = '{key.Id}'");
        (await keys.FindAsync(secret)).ShouldBeNull();
        (await keys.FindByIdAsync(key.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task What_one_node_revokes_ends_what_is_open_on_another()
    {
        await using var one = await TestGrace.StartAsync(worker: false);
        await using var other = await TestGrace.StartAsync(one.ConnectionString, worker: false);
        await using var access = Accounts(other);
        var watch = access.GetRequiredService<AccessWatch>();
        await watch.StartAsync(default);
        var (key, _) = await one.Get<ApiKeys>().CreateAsync("ci", Role.Viewer, null, "ada");
        var ended = new TaskCompletionSource();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var open = watch.EndWithAccessAsync(Caller.Of("test", CallerKind.Key, key.By, key.Role, key.Id), patience.Token, ended.SetResult);
        await one.Get<ApiKeys>().CreateAsync("unrelated", Role.Viewer, null, "ada");
        open.IsCompleted.ShouldBeFalse();
        await one.Get<ApiKeys>().RevokeAsync(key.Id, "ada");
        await open;
        ended.Task.IsCompletedSuccessfully.ShouldBeTrue();
        await watch.StopAsync(default);
    }

    /// <summary>The web's own registrations over a test's engine.</summary>
    static ServiceProvider Accounts(TestGrace grace)
    {
        var options = grace.Get<GraceOptions>();
        options.Access.Mode = "accounts";
        var services = new ServiceCollection().AddLogging()
            .AddSingleton(options).AddSingleton(grace.Get<NpgsqlDataSource>()).AddSingleton(grace.Get<LogSignal>()).AddSingleton(grace.Get<LogWriter>()).AddSingleton(grace.Get<LogTail>()).AddSingleton(grace.Get<ApiKeys>())
            .AddSingleton(TimeProvider.System);
        return services.AddGraceAccess(LoginLink.Open(grace.Data, options), grace.Data, options).BuildServiceProvider();
    }
}
