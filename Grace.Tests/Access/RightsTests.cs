using Grace.Engine.Access;
using Grace.Engine.Guardian;
using Grace.Web.Access;
using Grace.Web.Cli;

namespace Grace.Tests.Access;

/// <summary>Which role may what: pure.</summary>
public class RightsTests
{
    [Theory]
    [InlineData("read", "viewer operator guardian admin")]
    [InlineData("submit", "operator guardian admin")]
    [InlineData("pause", "operator guardian admin")]
    [InlineData("review", "operator guardian admin")]
    [InlineData("draft_playbooks", "operator guardian admin")]
    [InlineData("override", "guardian admin")]
    [InlineData("approve", "guardian admin")]
    [InlineData("retry", "guardian admin")]
    [InlineData("cancel", "guardian admin")]
    [InlineData("promote_playbooks", "guardian admin")]
    [InlineData("approve_learning", "guardian admin")]
    [InlineData("manage_jobs", "admin")]
    [InlineData("manage_webhooks", "admin")]
    [InlineData("manage_access", "admin")]
    public void Each_right_belongs_to_these_roles(string right, string roles) =>
        string.Join(' ', Rights.Who(Rights.All.Single(r => r.Name() == right)).Select(r => r.Name())).ShouldBe(roles);

    [Fact]
    public void Every_right_is_in_the_table_once_under_its_own_row()
    {
        Rights.All.Select(r => r.Name()).Distinct().Count().ShouldBe(14);
        foreach (var right in Rights.All)
            right.Name().ShouldBe(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(right.ToString()));
    }

    [Fact]
    public void A_role_may_all_that_the_one_before_it_may()
    {
        foreach (var (less, more) in Rights.AllRoles.Zip(Rights.AllRoles.Skip(1)))
            Rights.Of(less).Except(Rights.Of(more)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_Guardian_action_has_its_right() =>
        GuardianPolicy.Actions.ToDictionary(a => a, GuardianPolicy.RightFor).ShouldBe(new Dictionary<string, Right>
        {
            ["pause"] = Right.Pause, ["resume"] = Right.Pause, ["override"] = Right.Override, ["approve"] = Right.Approve, ["reject"] = Right.Approve, ["retry"] = Right.Retry, ["cancel"] = Right.Cancel,
        }, ignoreOrder: true);

    [Fact]
    public void A_refusal_names_the_right_who_has_it_and_who_asked() =>
        new NotAllowed(Right.Cancel, Role.Operator, "ada").Message.ShouldBe("The right 'cancel' is missing: 'ada' is operator and may not cancel pipelines. Guardian and admin may.");

    [Theory]
    [InlineData("ada", true)]
    [InlineData("ada.lovelace@example.org", true)]
    [InlineData("", false)]
    [InlineData("key:ci", false)]
    [InlineData("System", false)]
    [InlineData("owner", false)]
    [InlineData("api-key", false)]
    [InlineData("root@cli", false)]
    [InlineData("@ada", false)]
    [InlineData("ad a", false)]
    [InlineData("аda", false)]
    public void Nobody_can_have_a_name_that_looks_like_another_callers(string name, bool possible) => (PersonRules.Flaw(name) is null).ShouldBe(possible);

    [Theory]
    [InlineData(null, "http://127.0.0.1:5080", "token", false)]
    [InlineData("", "http://localhost:5080", "token", false)]
    [InlineData("accounts", "http://[::1]:5080", "accounts", false)]
    [InlineData(null, "http://0.0.0.0:5080", "accounts", true)]
    [InlineData("token", "http://0.0.0.0:5080", "token", true)]
    [InlineData("accounts", "http://grace.example:5080", "accounts", false)]
    public void One_link_for_all_is_the_default_only_where_nobody_else_can_connect(string? given, string address, string mode, bool said)
    {
        var access = new AccessOptions { Mode = given };
        (ServeCommand.Reach(access, [new("http://127.0.0.1:1"), new(address)]) is not null).ShouldBe(said);
        access.Mode.ShouldBe(mode);
    }

    [Theory]
    [InlineData("ci", true)]
    [InlineData("nightly-build.2", true)]
    [InlineData("", false)]
    [InlineData("ci\nkey:x", false)]
    public void A_keys_name_is_one_plain_word(string name, bool possible) => (ApiKey.Flaw(name) is null).ShouldBe(possible);

    [Fact]
    public void A_secret_has_256_bits_and_its_prefix_gives_none_of_them_away_but_a_few()
    {
        var (one, other) = (ApiKey.NewSecret(), ApiKey.NewSecret());
        one.ShouldNotBe(other);
        ApiKey.LooksLikeOne(one).ShouldBeTrue();
        System.Buffers.Text.Base64Url.DecodeFromChars(one.AsSpan("grace_".Length)).Length.ShouldBe(32);
        one.ShouldStartWith(ApiKey.PrefixOf(one));
        ApiKey.PrefixOf(one).Length.ShouldBe(12);
    }
}
