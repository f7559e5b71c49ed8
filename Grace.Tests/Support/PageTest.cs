using Bunit;
using Bunit.TestDoubles;
using Grace.Engine;
using Grace.Engine.Access;
using Grace.Engine.Artifacts;
using Grace.Engine.Guardian;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Grace.Web.Access;
using Grace.Web.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Npgsql;

namespace Grace.Tests.Support;

/// <summary>A page drawn by bUnit over the real engine, signed in as ada, an administrator unless told otherwise.</summary>
sealed class PageTest : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    readonly BunitContext bunit = new();
    System.Security.Claims.ClaimsPrincipal who = new();
    BunitAuthorizationContext signIn = null!;

    PageTest(TestGrace grace) => Grace = grace;

    public TestGrace Grace { get; }

    /// <param name="worker">False: pipelines stay where they are put.</param>
    public static async Task<PageTest> StartAsync(
        bool worker = false, Func<Grace.Engine.Phases.PhaseWork, Task>? gate = null, Role role = Role.Admin, Action<GraceOptions>? prepare = null)
    {
        var test = new PageTest(await TestGrace.StartAsync(worker: worker, gate: gate, prepare: (options, _) => prepare?.Invoke(options)));
        test.bunit.JSInterop.Mode = JSRuntimeMode.Loose;
        var services = test.bunit.Services;
        services.AddMudServices();
        services.AddSingleton(TimeProvider.System);
        test.Offer<PipelineQueries>().Offer<LogTail>().Offer<EventLog>().Offer<LogSearch>().Offer<GuardianControl>().Offer<ContentShelf>()
            .Offer<Orchestrator>().Offer<GraceOptions>().Offer<LogVerifier>().Offer<NpgsqlDataSource>().Offer<ApiKeys>();
        services.AddSingleton<Feed>();
        test.Offer<ProgressFeed>().Offer<CodeFiles>().Offer<ArtifactComparison>().Offer<Vocabulary>();
        (test.who, test.signIn) = SignedIn.As(test.bunit, test.Grace, "ada", role);
        return test;
    }

    public PageTest Offer<T>() where T : class
    {
        bunit.Services.AddSingleton(Grace.Get<T>());
        return this;
    }

    public PageTest With<T>(T service) where T : class
    {
        bunit.Services.AddSingleton(service);
        return this;
    }

    /// <summary>The page as it is at an address, filters included.</summary>
    public IRenderedComponent<T> Open<T>(string address) where T : IComponent
    {
        Address.NavigateTo(address);
        return bunit.Render<T>();
    }

    /// <summary>Whoever is signed in, as the page authorises them.</summary>
    public Issuer Issuer => bunit.Services.GetRequiredService<AccessCheck>().IssuerOf(who);

    /// <summary>The page stays open, and nobody is signed in any more.</summary>
    public void SignOut() => signIn.SetNotAuthorized();

    /// <summary>A page or a part as it is with these parameters.</summary>
    public IRenderedComponent<T> Show<T>(Action<ComponentParameterCollectionBuilder<T>> given) where T : IComponent => bunit.Render(given);

    public BunitJSInterop Script => bunit.JSInterop;

    public NavigationManager Address => bunit.Services.GetRequiredService<NavigationManager>();

    /// <summary>Waits until the page itself shows it.</summary>
    public static void Until<T>(IRenderedComponent<T> page, Action holds) where T : IComponent => page.WaitForAssertion(holds, Patience);

    public async ValueTask DisposeAsync()
    {
        await bunit.DisposeAsync();
        await Grace.DisposeAsync();
    }
}
