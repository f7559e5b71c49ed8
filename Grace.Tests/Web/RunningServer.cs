using Grace.Tests.Support;

namespace Grace.Tests.Web;

/// <summary>One real server for the tests of a class.</summary>
public class RunningServer : IAsyncLifetime
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

    public async Task InitializeAsync()
    {
        var database = await TestPostgres.NewDatabaseAsync();
        Server = await ServerProcess.StartAsync(data.Path, database);
        await FillAsync(database);
    }

    /// <summary>What is there before the first test.</summary>
    protected virtual Task FillAsync(string database) => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        data.Dispose();
        GC.SuppressFinalize(this);
    }
}
