using System.Net;
using Grace.Engine;
using Grace.Engine.Access;
using Grace.Web.Access;
using Grace.Web.Api;
using Grace.Web.Components;
using MudBlazor.Services;

namespace Grace.Web.Cli;

/// <summary><c>grace serve</c>: dashboard, API, hub and workers, by role.</summary>
static class ServeCommand
{
    const string Usage = "grace serve [--urls URL] [--data DIR] [--roles web,worker]";
    const string DefaultUrl = "http://127.0.0.1:5080";
    const long LargestBody = 1 << 20;

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var (data, urls) = (arguments.Value("--data"), arguments.Value("--urls") ?? DefaultUrl);
        var roles = (arguments.Value("--roles") ?? "web,worker").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var given = arguments.Settings();
        arguments.End(Usage);
        if (roles.Length == 0 || roles.Except(["web", "worker"]).FirstOrDefault() is not null)
            throw new BadCall($"--roles is '{string.Join(',', roles)}'; allowed are web, worker, or both with a comma between.");
        var addresses = Addresses(urls);
        var settings = Settings.Load(data, given);
        if (roles.Contains("web") && Reach(settings.Options.Access, addresses) is { } note)
            Console.WriteLine(note);

        settings.Options.Webhooks.AllowPrivate ??= addresses.All(IsLoopback);

        await using var opened = await OpenDatabase.OpenAsync(settings, Console.WriteLine);
        var link = LoginLink.Open(settings.Data, settings.Options);
        await using var app = Build(settings, opened, link, roles, addresses);
        try
        {
            await app.StartAsync();
        }
        catch (IOException taken)
        {
            throw new WrongSetting($"--urls is '{urls}', which cannot be listened on: {taken.Message}");
        }
        foreach (var line in await BootReport.LinesAsync(app.Services, roles))
            Console.WriteLine(line);
        if (roles.Contains("web"))
            foreach (var address in app.Urls)
                Console.WriteLine($"Dashboard: {address}\nLogin link: {(await LinkIsOpen(app.Services) ? link.For(address) : $"{address.TrimEnd('/')}/login")}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>One login link for everybody is the default only where nobody else can connect; chosen elsewhere, it is said what that means.</summary>
    internal static string? Reach(AccessOptions access, List<Uri> addresses)
    {
        if (addresses.FirstOrDefault(a => !IsLoopback(a)) is not { } open)
        {
            access.Mode = string.IsNullOrEmpty(access.Mode) ? "token" : access.Mode;
            return null;
        }
        if (string.IsNullOrEmpty(access.Mode))
        {
            access.Mode = "accounts";
            return $"Others can reach {open}, so people sign in with accounts (Grace:Access:Mode=token: whoever has the login link may do everything).";
        }
        return access.UsesAccounts ? null : $"Others can reach {open}, and whoever has the login link or its cookie may do everything (Grace:Access:Mode=accounts: people sign in).";
    }

    /// <summary>Whether the login link still lets somebody in: always in token mode, with accounts until there is an administrator.</summary>
    static async Task<bool> LinkIsOpen(IServiceProvider services) =>
        !services.GetRequiredService<GraceOptions>().Access.UsesAccounts || !await services.GetRequiredService<People>().HasAdminAsync();

    internal static WebApplication Build(Settings settings, OpenDatabase opened, LoginLink link, string[] roles, List<Uri> addresses)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "Grace.Web" });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(settings.Configuration);
        Logs.Configure(builder, settings, console: true);
        Telemetry.Configure(builder, settings.Options.Telemetry);
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(roles.Contains("web") ? [.. addresses.Select(a => a.ToString())] : ["http://127.0.0.1:0"]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        if (addresses.All(IsLoopback))
            // A page elsewhere that points its own name at this machine must not be able to talk to it.
            builder.Services.Configure<Microsoft.AspNetCore.HostFiltering.HostFilteringOptions>(hosts => hosts.AllowedHosts = ["127.0.0.1", "localhost", "[::1]"]);

        builder.Services.AddGraceEngine(settings.Options, opened.Database, settings.Data, roles.Contains("worker"));
        if (roles.Contains("worker"))
            builder.Services.AddHostedService<Engine.Deployments.DeploymentUpkeep>();
        builder.Services.AddGraceAccess(link, settings.Data, settings.Options);
        builder.Services.AddGraceApi();
        builder.Services.AddMudServices();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents()
            // A page hands on what is typed whole: the longest playbook, as UTF-8 in JSON.
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = 6L * Engine.Playbooks.PlaybookReader.LongestText);
        builder.Services.AddCascadingAuthenticationState().AddVisitors().AddHangfirePages();

        var app = builder.Build();
        app.UsePageHeaders();
        app.Services.GetRequiredService<Engine.Jobs.ThisNode>().Roles = string.Join(',', roles);
        app.UseRequestLog();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseHostFiltering();
        app.UseStorableAddresses();
        app.UseAuthentication();
        app.UseOwnPagesOnly();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapGraceApi();
        if (!roles.Contains("web"))
            return app;
        app.MapHangfirePages();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(blazor => blazor.ContentSecurityFrameAncestorsPolicy = null).Needs(Right.Read);
        return app;
    }

    static List<Uri> Addresses(string urls)
    {
        List<Uri> addresses = [];
        foreach (var url in urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            addresses.Add(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw new BadCall($"--urls is '{url}'; it must be an address such as {DefaultUrl}."));
        return addresses.Count > 0 ? addresses : throw new BadCall($"--urls is empty; it must be an address such as {DefaultUrl}.");
    }

    static bool IsLoopback(Uri address) => address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
