using Grace.Engine.Access;
using Grace.Engine.Jobs;
using Hangfire;
using Hangfire.Dashboard;

namespace Grace.Web.Access;

/// <summary>Hangfire's own dashboard inside Grace's access rules: who may read looks, who may manage jobs acts.</summary>
static class HangfirePages
{
    public const string Path = "/hangfire";

    /// <summary>What its endpoints ask for. Grace's engine makes storage and clients, without Hangfire's process-wide settings.</summary>
    public static IServiceCollection AddHangfirePages(this IServiceCollection services) => services
        .AddHttpContextAccessor()
        .AddSingleton<IGlobalConfiguration>(GlobalConfiguration.Configuration)
        .AddSingleton(DashboardRoutes.Routes);

    public static void MapHangfirePages(this WebApplication app)
    {
        var caller = app.Services.GetRequiredService<IHttpContextAccessor>();
        app.Services.GetRequiredService<JobCaller>().Name = () => caller.HttpContext?.User.Identity?.Name;
        app.MapHangfireDashboardWithNoAuthorizationFilters(Path, new DashboardOptions
        {
            AppPath = "/jobs",
            DashboardTitle = "Jobs of Grace",
            DisplayStorageConnectionString = false,
            IsReadOnlyFunc = context => Caller.RoleOf(context.GetHttpContext().User) is not { } role || !Rights.Has(role, Right.ManageJobs),
        }, app.Services.GetRequiredKeyedService<JobStorage>(JobStore.ForPeople)).Needs(Right.Read);
    }
}
