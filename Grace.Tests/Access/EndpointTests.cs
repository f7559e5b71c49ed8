using System.Reflection;
using Grace.Engine.Access;
using Grace.Tests.Support;
using Grace.Web.Access;
using Grace.Web.Cli;
using Grace.Web.Live;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grace.Tests.Access;

/// <summary>Nothing is reachable that nobody thought about who may reach it.</summary>
public class EndpointTests
{
    /// <summary>For people who are not signed in yet, and for what watches over the process.</summary>
    /// <remarks>The last is what static files make of a file that is not there.</remarks>
    static readonly string[] Open = ["/health/live", "/health/ready", "/login", "/login/first", "/invitation", "/logout", "{**path:file}"];

    static readonly HashSet<string> Policies = [.. Rights.All.Select(r => r.Name())];

    [Fact]
    public async Task Every_endpoint_names_the_right_that_it_needs()
    {
        using var data = new TestFolder();
        var settings = Settings.Load(data.Path, new() { ["Grace:Database"] = await TestPostgres.NewDatabaseAsync() });
        await using var database = await OpenDatabase.OpenAsync(settings, _ => { });
        await using var app = ServeCommand.Build(settings, database, LoginLink.Open(settings.Data, settings.Options), ["web"], [new("http://127.0.0.1:0")]);
        var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().ToList();
        endpoints.Count.ShouldBeGreaterThan(50);
        endpoints.Where(e => !NamesARight(e) && !IsOpenOnPurpose(e)).Select(e => $"{e.RoutePattern.RawText} ({e.DisplayName})").ShouldBeEmpty();
        endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null && !IsOpenOnPurpose(e)).Select(e => e.RoutePattern.RawText).ShouldBeEmpty();
        RightOf(endpoints, "/api/agent-pipeline/execute").ShouldBe("submit");
        RightOf(endpoints, "/api/agent-pipeline/access/keys").ShouldBe("manage_access");
        RightOf(endpoints, "/hubs/pipelines/negotiate").ShouldBe("read");
    }

    [Fact]
    public void Every_method_of_the_hub_names_the_right_that_it_needs() =>
        typeof(PipelineHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => m.GetBaseDefinition() == m && m.GetCustomAttribute<NeedsAttribute>() is null).Select(m => m.Name).ShouldBeEmpty();

    [Fact]
    public void Pages_issue_nothing_but_through_the_visitor_who_is_authorised_each_time() =>
        Directory.EnumerateFiles(Path.Combine(House.HouseTests.Root, "Grace.Web", "Components"), "*.razor", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("AuthenticationStateProvider", StringComparison.Ordinal)).Select(Path.GetFileName).ShouldBeEmpty();

    [Fact]
    public void No_markup_holds_a_script_since_browsers_are_told_to_refuse_it() =>
        Directory.EnumerateFiles(Path.Combine(House.HouseTests.Root, "Grace.Web", "Components"), "*.razor", SearchOption.AllDirectories)
            .Where(file => System.Text.RegularExpressions.Regex.IsMatch(File.ReadAllText(file), @"\son[a-z]+=""(?!@)|javascript:|<script>")).Select(Path.GetFileName).ShouldBeEmpty();

    static bool NamesARight(Endpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => a.Policy is { } policy && Policies.Contains(policy));

    static bool IsOpenOnPurpose(RouteEndpoint endpoint) => Open.Contains(endpoint.RoutePattern.RawText) || IsStaticFile(endpoint);

    static bool IsStaticFile(Endpoint endpoint) => endpoint.Metadata.Any(m => m.GetType().Name == "StaticAssetDescriptor");

    static string? RightOf(List<RouteEndpoint> endpoints, string route) =>
        endpoints.First(e => e.RoutePattern.RawText == route).Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).FirstOrDefault(p => p is not null);
}
