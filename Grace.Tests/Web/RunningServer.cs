using Grace.Tests.Support;

namespace Grace.Tests.Web;

/// <summary>One real server for the tests of a class.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    readonly TestFolder data = new();

    internal ServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await ServerProcess.StartAsync(data.Path, await TestPostgres.NewDatabaseAsync());

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        data.Dispose();
    }
}
