namespace Grace.Engine.Access;

/// <summary>Which role may what, as one table: pure.</summary>
public static class Rights
{
    /// <summary>The least role of each right, its name outside, and what it lets somebody do.</summary>
    static readonly (Right Right, Role Least, string Name, string Does)[] Table =
    [
        (Right.Read, Role.Viewer, "read", "look at pipelines, artifacts, playbooks and the log"),
        (Right.Submit, Role.Operator, "submit", "submit pipelines"),
        (Right.Pause, Role.Operator, "pause", "pause and resume pipelines"),
        (Right.Review, Role.Operator, "review", "accept and question artifacts"),
        (Right.DraftPlaybooks, Role.Operator, "draft_playbooks", "propose playbooks"),
        (Right.Override, Role.Guardian, "override", "override pipelines"),
        (Right.Approve, Role.Guardian, "approve", "approve and reject what waits for a person"),
        (Right.Retry, Role.Guardian, "retry", "retry phases"),
        (Right.Cancel, Role.Guardian, "cancel", "cancel pipelines"),
        (Right.PromotePlaybooks, Role.Guardian, "promote_playbooks", "put playbooks in force and take them back"),
        (Right.ApproveLearning, Role.Guardian, "approve_learning", "decide what missions propose"),
        (Right.ManageJobs, Role.Admin, "manage_jobs", "run, retry and delete jobs, pause nodes"),
        (Right.ManageWebhooks, Role.Admin, "manage_webhooks", "set up webhooks"),
        (Right.ManageAccess, Role.Admin, "manage_access", "manage people and API keys"),
    ];

    public static readonly IReadOnlyList<Role> AllRoles = Enum.GetValues<Role>();

    public static readonly IReadOnlyList<Right> All = Enum.GetValues<Right>();

    public static bool Has(Role role, Right right) => role >= Of(right).Least;

    public static IEnumerable<Right> Of(Role role) => All.Where(right => Has(role, right));

    /// <summary>Those who have it, least first.</summary>
    public static IReadOnlyList<Role> Who(Right right) => [.. AllRoles.Where(role => Has(role, right))];

    public static string Name(this Right right) => Of(right).Name;

    /// <summary>What it lets somebody do, as the end of "may …".</summary>
    public static string Does(this Right right) => Of(right).Does;

    public static string Name(this Role role) => role.ToString().ToLowerInvariant();

    public static Role? Parse(string? role) => AllRoles.Where(r => r.Name() == role).Select(r => (Role?)r).FirstOrDefault();

    static (Right Right, Role Least, string Name, string Does) Of(Right right) => Table[(int)right];
}
