using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>Go: modules first, since tests run without the network.</summary>
internal static class Go
{
    public static Task<TestPlan> PlanAsync(Site site)
    {
        if (!site.Has("go.mod"))
        {
            return Task.FromResult(TestPlan.Nothing);
        }

        const string Install = "Go (golang)";
        IReadOnlyList<PlannedCommand> fetch = site.Text("go.mod").Contains("require", StringComparison.Ordinal)
            ? [new PlannedCommand("build", "go", site.Folder, "go", "mod", "download") { Network = SandboxNetwork.Full, Install = Install, Optional = true }] : [];
        return Task.FromResult(new TestPlan(
        [
            .. fetch,
            new PlannedCommand("test", "go", site.Folder, "go", "test", "-json", "./...") 
            {
                Read = (output, _) => GoOutput.Read(output), Install = Install,
                Only = failures => new PlannedCommand("test", "go", site.Folder,
                    ["go", "test", "-json", "-count=1", "-run", $"^({string.Join('|', failures.Select(one => one.Id.Split('/')[0]).Distinct())})$", .. failures.Select(one => one.Suite).Distinct()])
                    { Read = (output, _) => GoOutput.Read(output), Install = Install },
            },
        ], []));
    }
}
