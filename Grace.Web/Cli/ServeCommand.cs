using System.Net;
using Grace.Engine;
using Grace.Web.Access;
using Grace.Web.Api;
using Grace.Web.Components;
using Grace.Web.Live;
using Radzen;

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
                Console.WriteLine($"Dashboard: {address}\nLogin link: {link.For(address)}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    static WebApplication Build(Settings settings, OpenDatabase opened, LoginLink link, string[] roles, List<Uri> addresses)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "Grace.Web" });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(settings.Configuration);
        Logs.Configure(builder.Logging, settings, console: true);
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
        builder.Services.AddGraceAccess(link, settings.Data);
        builder.Services.AddGraceApi();
        builder.Services.AddRadzenComponents();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddCascadingAuthenticationState();

        var app = builder.Build();
        app.Services.GetRequiredService<Engine.Jobs.ThisNode>().Roles = string.Join(',', roles);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseHostFiltering();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapGraceApi();
        if (roles.Contains("web"))
            app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
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
