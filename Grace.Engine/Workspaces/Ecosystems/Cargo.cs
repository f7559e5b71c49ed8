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

        PlannedCommand Command(string name, string[] less, params string[] words) =>
            new(name, "cargo", site.Folder, ["cargo", "test", words[0], .. all, .. less, .. words[1..]])
                { Install = Install, Read = (output, _) => CargoOutput.Read(output), Private = less.Length > 0 ? less[^2..] : [] };
        PlannedCommand Build(params string[] less) => Command("build", less, "--no-run") with { Network = SandboxNetwork.Full };
        PlannedCommand Test(params string[] less) => Command("test", less, "--no-fail-fast")
            with { Only = failures => Command("test", less, ["--no-fail-fast", "--", "--exact", .. failures.Select(one => one.Id).Distinct()]) };
        return Task.FromResult(new TestPlan(
            [Build() with { Without = output => CargoAbsent.Of(site, output) is var (what, less) ? new LeftOut(what, [Build(less), Test(less)]) : null }, Test()], ignored));
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
