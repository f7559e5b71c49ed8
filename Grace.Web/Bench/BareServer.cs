namespace Grace.Web.Bench;

/// <summary>Serves the bare page alone, in a process of its own, so that its memory is its own.</summary>
static class BareServer
{
    public static string Word { get; private set; } = "nothing yet";

    public static event Action? Poked;

    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "Grace.Web" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        var app = builder.Build();
        app.UseAntiforgery();
        app.MapPost("/poke/{word}", (string word) =>
        {
            Word = word;
            Poked?.Invoke();
        });
        app.MapRazorComponents<BareApp>().AddInteractiveServerRenderMode();
        await app.StartAsync();
        Console.WriteLine($"Dashboard: {app.Urls.First()}");
        await app.WaitForShutdownAsync();
        return 0;
    }
}
