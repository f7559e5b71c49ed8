using System.Diagnostics;
using Dapper;
using Grace.Engine.Postgres;
using Grace.Tests.Support;
using Npgsql;

namespace Grace.Tests.Postgres;

/// <summary>Servers that die, and what a machine reset leaves behind.</summary>
public sealed class PostgresCrashTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private PostgresBinaries binaries = null!;

    private ClusterFolder Cluster => new(folder.Path);

    public async Task InitializeAsync() => binaries = await TestPostgres.BinariesAsync();

    public Task DisposeAsync()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Committed_rows_outlive_a_killed_server_and_the_watcher_starts_it_again_on_the_same_port()
    {
        var recovered = new TaskCompletionSource();
        await using var postgres = await StartAsync(line =>
        {
            if (line.StartsWith("Starting", StringComparison.Ordinal) && File.Exists(Path.Combine(folder.Path, "killed")))
            {
                recovered.TrySetResult();
            }
        });
        await ExecuteAsync(postgres, "CREATE TABLE kept AS SELECT 42 AS answer");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "killed"), "");
        Kill(ServerProcesses.Postmaster(Cluster)!.Value);

        // Nobody calls anything: the watcher sees it by itself.
        await recovered.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await postgres.EnsureRunningAsync(CancellationToken.None);

        (await AnswerAsync(postgres)).ShouldBe(42);
    }

    [Fact]
    public async Task After_a_machine_reset_the_pid_of_a_stranger_in_the_old_file_does_not_stop_the_start()
    {
        var before = await StartAsync();
        await ExecuteAsync(before, "CREATE TABLE kept AS SELECT 42 AS answer");
        var pidFile = await File.ReadAllLinesAsync(Cluster.PidFile);
        await before.DisposeAsync();
        // A living process that is no server: this one.
        pidFile[0] = Environment.ProcessId.ToString();
        await File.WriteAllLinesAsync(Cluster.PidFile, pidFile);
        await File.WriteAllTextAsync(Path.Combine(Cluster.Users, "1-gone"), "");

        var after = await StartAsync();
        (await AnswerAsync(after)).ShouldBe(42);
        await after.DisposeAsync();

        ServerProcesses.All(Cluster).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a pid\n")]
    public async Task A_torn_pid_file_is_cleared_away(string content)
    {
        await (await StartAsync()).DisposeAsync();
        await File.WriteAllTextAsync(Cluster.PidFile, content);

        await (await StartAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_first_start_that_died_halfway_is_made_anew()
    {
        Directory.CreateDirectory(Path.Combine(Cluster.Making, "cluster"));
        await File.WriteAllTextAsync(Path.Combine(Cluster.Making, "cluster", "PG_VERSION"), "15");

        await using var postgres = await StartAsync();

        Directory.Exists(Cluster.Making).ShouldBeFalse();
    }

    [Fact]
    public async Task A_port_that_another_program_took_meanwhile_is_left_to_it()
    {
        var before = await StartAsync();
        await before.DisposeAsync();
        var port = new NpgsqlConnectionStringBuilder(before.ConnectionString).Port;
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        other.Start();

        await using var after = await StartAsync();

        new NpgsqlConnectionStringBuilder(after.ConnectionString).Port.ShouldNotBe(port);
    }

    [Fact]
    public async Task Data_of_another_major_version_is_refused_with_both_versions_named()
    {
        Directory.CreateDirectory(Cluster.Data);
        await File.WriteAllTextAsync(Path.Combine(Cluster.Data, "PG_VERSION"), "12\n");

        var refused = await Should.ThrowAsync<PostgresUnavailableException>(() => EmbeddedPostgres.StartAsync(folder.Path, null, CancellationToken.None));

        refused.Message.ShouldContain("made by PostgreSQL 12");
        refused.Message.ShouldContain(binaries.Version);
    }

    private Task<EmbeddedPostgres> StartAsync(Action<string>? say = null) => EmbeddedPostgres.StartAsync(folder.Path, say, binaries, [], CancellationToken.None);

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    private static async Task ExecuteAsync(EmbeddedPostgres postgres, string sql)
    {
        await using var db = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await db.ExecuteAsync(sql);
    }

    private static async Task<int> AnswerAsync(EmbeddedPostgres postgres)
    {
        await using var db = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        return await db.ExecuteScalarAsync<int>("SELECT answer FROM kept");
    }
}
