using System.Runtime.Versioning;
using Dapper;
using Grace.Engine.Postgres;
using Grace.Tests.Support;
using Npgsql;

namespace Grace.Tests.Postgres;

/// <summary>PostgreSQL refuses to run as root, which is what containers and CI machines run as.</summary>
[SupportedOSPlatform("linux")]
public class RootTests
{
    /// <summary>Bit 1 is dac_override, bit 2 dac_read_search.</summary>
    private const ulong LookThroughFolders = 0b110;

    [LinuxFact(AsRoot = true)]
    public async Task Started_by_root_the_server_runs_as_another_user_without_any_right_of_root()
    {
        using var folder = new TestFolder();
        await using var postgres = await StartAsync(folder.Path);
        var pid = ServerProcesses.Postmaster(new ClusterFolder(folder.Path)).ShouldNotBeNull();

        Proc.User(pid).ShouldNotBe(0);
        Proc.Capabilities(pid).ShouldBe(0ul);
    }

    [LinuxFact(AsRoot = true)]
    public async Task Below_a_folder_closed_to_others_it_keeps_the_one_right_to_look_through_folders()
    {
        using var folder = new TestFolder();
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var data = Path.Combine(folder.Path, "inside");

        await using var postgres = await StartAsync(data);
        await using var db = new NpgsqlConnection(postgres.ConnectionString);
        (await db.ExecuteScalarAsync<int>("SELECT 1")).ShouldBe(1);
        var pid = ServerProcesses.Postmaster(new ClusterFolder(data)).ShouldNotBeNull();

        Proc.User(pid).ShouldNotBe(0);
        (Proc.Capabilities(pid) & ~LookThroughFolders).ShouldBe(0ul);
        Proc.Capabilities(pid).ShouldNotBe(0ul);
        File.GetUnixFileMode(folder.Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static async Task<EmbeddedPostgres> StartAsync(string data) =>
        await EmbeddedPostgres.StartAsync(data, null, await TestPostgres.BinariesAsync(), [], CancellationToken.None);
}
