using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>Rust: compiles the tests with the network, runs them without.</summary>
internal static class Cargo
{
    public static Task<TestPlan> PlanAsync(Site site)
    {
        if (!site.Has("Cargo.toml"))
        {
            return Task.FromResult(TestPlan.Nothing);
        }

        const string Install = "Rust (cargo)";
        List<string> ignored = [site.Pattern(Path.Combine(site.Folder, "target"))];
        if (!site.Has("Cargo.lock"))
        {
            // Cargo always writes it; a library that does not keep it must not look changed.
            ignored.Add(site.Pattern(Path.Combine(site.Folder, "Cargo.lock")).TrimEnd('/'));
        }

        return Task.FromResult(new TestPlan(
        [
            new PlannedCommand("build", "cargo", site.Folder, "cargo", "test", "--no-run") { Network = SandboxNetwork.Full, Install = Install },
            new PlannedCommand("test", "cargo", site.Folder, "cargo", "test", "--no-fail-fast") 
            {
                Read = (output, _) => CargoOutput.Read(output), Install = Install,
                Only = failures => new PlannedCommand("test", "cargo", site.Folder, ["cargo", "test", "--no-fail-fast", "--", "--exact", .. failures.Select(one => one.Id).Distinct()])
                    { Read = (output, _) => CargoOutput.Read(output), Install = Install },
            },
        ], ignored));
    }
}
