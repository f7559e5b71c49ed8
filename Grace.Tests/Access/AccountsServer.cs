using Grace.Tests.Support;

namespace Grace.Tests.Access;

/// <summary>One real server with accounts for the tests of a class, with limits that a test can reach.</summary>
public sealed class AccountsServer : IAsyncLifetime
{
    public const int RequestsPerMinute = 120;
    public const int FailuresPerMinute = 40;

    readonly TestFolder data = new();

    internal ServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await ServerProcess.StartAsync(
        data.Path, await TestPostgres.NewDatabaseAsync(), environment: new()
        {
            ["Grace__Access__Mode"] = "accounts", ["Grace__Access__RequestsPerMinute"] = $"{RequestsPerMinute}", ["Grace__Access__FailuresPerMinute"] = $"{FailuresPerMinute}",
        });

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        data.Dispose();
    }
}
