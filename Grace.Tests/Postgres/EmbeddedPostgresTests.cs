using Dapper;
using Grace.Engine.Postgres;
using Grace.Tests.Support;
using Npgsql;

namespace Grace.Tests.Postgres;

/// <summary>Each test has a data folder and a server of its own, with every durability setting as shipped.</summary>
public sealed class EmbeddedPostgresTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private PostgresBinaries binaries = null!;

    private ClusterFolder Cluster => new(folder.Path);

    public async Task InitializeAsync() => binaries = await TestPostgres.BinariesAsync();

    public async Task DisposeAsync()
    {
        // Whatever a test left running: joining it and being the last to leave stops it.
        if (ServerProcesses.Postmaster(Cluster) is not null)
        {
            await (await StartAsync()).DisposeAsync();
        }

        folder.Dispose();
    }

    [Fact]
    public async Task It_keeps_what_it_is_told_and_acknowledges_only_what_is_on_the_disk()
    {
        await using var postgres = await StartAsync();
        await using var db = await OpenAsync(postgres.ConnectionString);

        (await db.ExecuteScalarAsync<string>("SHOW fsync")).ShouldBe("on");
        (await db.ExecuteScalarAsync<string>("SHOW synchronous_commit")).ShouldBe("on");
        (await db.ExecuteScalarAsync<string>("SHOW data_checksums")).ShouldBe("on");
        (await db.ExecuteScalarAsync<string>("SHOW server_encoding")).ShouldBe("UTF8");
        (await db.ExecuteScalarAsync<string>("SELECT lower('ÄÉ')")).ShouldBe("äé");
        (await db.ExecuteScalarAsync<string>("SHOW listen_addresses")).ShouldBe("127.0.0.1");
        (await db.ExecuteScalarAsync<string>("SELECT current_database()")).ShouldBe("grace");
        postgres.Version.ShouldStartWith(binaries.Major.ToString());
    }

    [Fact]
    public async Task The_password_is_asked_for_and_readable_by_the_owner_only()
    {
        await using var postgres = await StartAsync();

        var wrong = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "wrong", Pooling = false }.ConnectionString;
        var refused = await Should.ThrowAsync<PostgresException>(() => OpenAsync(wrong));
        refused.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(Cluster.Root, "postgres.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task Two_processes_that_start_at_once_share_one_server_and_the_last_one_out_stops_it()
    {
        var both = await Task.WhenAll(SecondProcess.StartAsync(folder.Path, binaries), SecondProcess.StartAsync(folder.Path, binaries));
        await using var first = both[0];
        await using var second = both[1];
        first.ConnectionString.ShouldBe(second.ConnectionString);
        var postmaster = ServerProcesses.Postmaster(Cluster).ShouldNotBeNull();

        await first.LeaveAsync();
        ServerProcesses.Postmaster(Cluster).ShouldBe(postmaster);

        await second.LeaveAsync();
        ServerProcesses.All(Cluster).ShouldBeEmpty();
        File.Exists(Cluster.PidFile).ShouldBeFalse();
    }

    [Fact]
    public async Task A_killed_user_leaves_the_server_to_the_next_one_which_counts_only_the_living()
    {
        await using var killed = await SecondProcess.StartAsync(folder.Path, binaries);
        var postmaster = ServerProcesses.Postmaster(Cluster).ShouldNotBeNull();
        await killed.KillAsync();
        ServerProcesses.Postmaster(Cluster).ShouldBe(postmaster);

        var next = await StartAsync();
        next.ConnectionString.ShouldBe(killed.ConnectionString);
        ServerProcesses.Postmaster(Cluster).ShouldBe(postmaster);

        await next.DisposeAsync();
        ServerProcesses.All(Cluster).ShouldBeEmpty();
    }

    [LinuxFact]
    public async Task The_server_has_a_session_of_its_own_so_that_an_interrupt_in_the_terminal_does_not_reach_it()
    {
        await using var postgres = await StartAsync();
        var pid = ServerProcesses.Postmaster(Cluster).ShouldNotBeNull();

        Proc.Session(pid).ShouldBe(pid);
    }

    private Task<EmbeddedPostgres> StartAsync() => EmbeddedPostgres.StartAsync(folder.Path, null, binaries, [], CancellationToken.None);

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }
}
