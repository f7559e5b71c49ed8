using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>Make: the target "test" or "check", where nothing more telling is found. Whatever it calls has to print counts.</summary>
internal static partial class Make
{
    public static TestPlan Plan(Site site)
    {
        var file = new[] { "GNUmakefile", "makefile", "Makefile" }.FirstOrDefault(name => site.Has(name));
        var targets = file is null ? [] : Target().Matches(site.Text(file)).Select(match => match.Groups[1].Value).ToList();
        var target = new[] { "test", "check", "tests" }.FirstOrDefault(targets.Contains);
        return target is null ? TestPlan.Nothing
            : new TestPlan([new PlannedCommand("test", "make", site.Folder, "make", target) { Network = SandboxNetwork.Full, Install = "make" }], []);
    }

    [GeneratedRegex(@"^(test|check|tests)\s*:(?!=)", RegexOptions.Multiline)]
    private static partial Regex Target();
}
