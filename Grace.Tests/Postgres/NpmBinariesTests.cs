using System.Runtime.Versioning;
using System.Text.Json;
using Grace.Engine.Postgres;
using Grace.Tests.Support;

namespace Grace.Tests.Postgres;

[SupportedOSPlatform("linux")]
public class NpmBinariesTests
{
    [LinuxFact]
    public async Task Links_that_the_package_only_lists_are_made_and_its_programs_can_be_run_by_others()
    {
        using var folder = new TestFolder();
        var (lib, bin) = (Path.Combine(folder.Path, "native", "lib"), Path.Combine(folder.Path, "native", "bin"));
        Directory.CreateDirectory(lib);
        Directory.CreateDirectory(bin);
        await File.WriteAllTextAsync(Path.Combine(lib, "libpq.so.5.18"), "library");
        var postgres = Path.Combine(bin, "postgres");
        ClusterFolder.WriteSecret(postgres, "program");
        object[] links = [new { source = "native/lib/libpq.so.5.18", target = "native/lib/libpq.so.5" }];
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "native", "pg-symlinks.json"), JsonSerializer.Serialize(links));

        NpmBinaries.Hydrate(folder.Path);
        NpmBinaries.Hydrate(folder.Path);

        (await File.ReadAllTextAsync(Path.Combine(lib, "libpq.so.5"))).ShouldBe("library");
        File.GetUnixFileMode(postgres).HasFlag(UnixFileMode.OtherExecute | UnixFileMode.OtherRead).ShouldBeTrue();
    }
}
