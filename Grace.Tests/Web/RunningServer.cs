using Grace.Tests.Support;

namespace Grace.Tests.Web;

/// <summary>One real server for the tests of a class.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    readonly TestFolder data = new();

    internal ServerProcess Server { get; private set; } = null!;

    /// <summary>What the server wrote into its own log files.</summary>
    internal IEnumerable<string> LogFiles()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(data.Path, "logs")))
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            yield return reader.ReadToEnd();
        }
    }

    public async Task InitializeAsync() => Server = await ServerProcess.StartAsync(data.Path, await TestPostgres.NewDatabaseAsync());

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        data.Dispose();
    }
}
