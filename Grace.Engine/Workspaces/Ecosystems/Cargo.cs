using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Grace.Engine.Knowledge.Repositories;
using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>Rust: compiles the tests with the network, runs them without.</summary>
internal static partial class Cargo
{
    public static Task<TestPlan> PlanAsync(Site site)
    {
        if (!site.Has("Cargo.toml"))
        {
            return Task.FromResult(TestPlan.Nothing);
        }

        const string Install = "Rust (cargo)";
        // With a package at its root a workspace would otherwise test that one alone.
        string[] all = Workspace().IsMatch(site.Text("Cargo.toml")) ? ["--workspace"] : [];
        List<string> ignored = [site.Pattern(Path.Combine(site.Folder, "target"))];
        if (!site.Has("Cargo.lock"))
        {
            // Cargo always writes it; a library that does not keep it must not look changed.
            ignored.Add(site.Pattern(Path.Combine(site.Folder, "Cargo.lock")).TrimEnd('/'));
        }

        return Task.FromResult(new TestPlan(
        [
            new PlannedCommand("build", "cargo", site.Folder, ["cargo", "test", "--no-run", .. all]) { Network = SandboxNetwork.Full, Install = Install },
            new PlannedCommand("test", "cargo", site.Folder, ["cargo", "test", "--no-fail-fast", .. all])
            {
                Read = (output, _) => CargoOutput.Read(output), Install = Install,
                Only = failures => new PlannedCommand("test", "cargo", site.Folder, ["cargo", "test", "--no-fail-fast", .. all, "--", "--exact", .. failures.Select(one => one.Id).Distinct()])
                    { Read = (output, _) => CargoOutput.Read(output), Install = Install },
            },
        ], ignored));
    }

    /// <summary>Members of its workspace, named or by the path of a dependency; a package alone reaches none below it.</summary>
    public static bool Covers(Site site, string folder)
    {
        var text = site.Text("Cargo.toml");
        var relative = site.Relative(folder);
        var toml = Toml.Read(text);
        IEnumerable<string> Of(string key) => toml.Entries.Where(one => one.Table == "workspace" && one.Key == key).SelectMany(one => Toml.Strings(one.Value));
        return Workspace().IsMatch(text) && !Of("exclude").Contains(relative)
            && (Of("members").Any(member => FileSystemName.MatchesSimpleExpression(member.TrimEnd('/'), relative)) || Regex.IsMatch(text, $@"path\s*=\s*""(?:\./)?{Regex.Escape(relative)}/?"""));
    }

    [GeneratedRegex(@"^\s*\[workspace\]", RegexOptions.Multiline)]
    private static partial Regex Workspace();
}
