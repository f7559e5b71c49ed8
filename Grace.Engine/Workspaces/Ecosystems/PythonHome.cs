using System.Security.Cryptography;
using System.Text;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>The environment that a Python repository's tests run in, with what they need as far as it can be had.</summary>
internal static class PythonHome
{
    /// <summary>More than this, one by one, takes longer than it is worth.</summary>
    private const int Most = 80;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    /// <returns>The interpreter, and the commands that make its environment; none where nothing is needed.</returns>
    public static (string Python, IReadOnlyList<PlannedCommand> Commands) Of(Site site, string python, IReadOnlyList<string> more)
    {
        var needs = PythonNeeds.Of(site);
        if (!needs.Project && needs.Files.Count == 0 && needs.Lines.Count == 0 && more.Count == 0)
        {
            return (python, []);
        }

        // What the repository itself is installed into is its own; what only holds packages is shared. Neither lies in the repository:
        // there are those that collect tests from every folder below them, whatever they are told to pass over.
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(python + (needs.Project ? site.Folder : needs.Key(site)) + string.Join(' ', more))))[..16];
        var home = Path.Combine(site.Sandbox.CacheFolder, "venv", needs.Project ? "own" : "", name);
        Sweep(site, Path.Combine(site.Sandbox.CacheFolder, "venv", "own"), home);
        var own = Path.Combine(home, "bin", "python3");
        List<PlannedCommand> commands = [new PlannedCommand("build", "pip", site.Folder, python, "-m", "venv", "--system-site-packages", home) { Install = "Python 3 with venv (python3-venv)", Shown = "python3 -m venv" }];
        if (needs.Project)
        {
            // What builds it may not be to be had, but be here already.
            var bare = Install("--no-build-isolation", "--no-deps", "-e", ".");
            var itself = Install("-e", ".") with { Otherwise = [bare] };
            commands.Add(needs.Extras.Count == 0 ? itself : Install("-e", $".[{string.Join(',', needs.Extras)}]") with { Otherwise = [itself] });
        }

        List<string> together = [.. needs.Files.SelectMany(file => new[] { "-r", file }), .. needs.Lines, .. more];
        if (together.Count > 0)
        {
            // What development needs is not always what the tests need; what really lacks, they say themselves.
            var each = needs.OneByOne(site);
            commands.Add(Install([.. together]) with { Otherwise = each.Count > 1 ? [.. each.Select(words => words.ToArray()).Concat(more.Select(word => new[] { word })).Take(Most).Select(words => Install(["--retries", "0", .. words]))] : [] });
        }

        return (own, commands);

        PlannedCommand Install(params string[] what) => new("build", "pip", site.Folder, [own, "-m", "pip", "install", "--quiet", "--retries", "1", .. what])
        {
            Network = SandboxNetwork.Full, Optional = true, Shown = $"pip install {string.Join(' ', what[0] == "--retries" ? what[2..] : what)}",
            Environment = new Dictionary<string, string> { ["SETUPTOOLS_SCM_PRETEND_VERSION"] = Version(site) },
        };
    }

    /// <summary>Removes those of repositories that nobody has tested for long.</summary>
    private static void Sweep(Site site, string all, string kept)
    {
        var now = Directory.GetCreationTimeUtc(site.Results);
        foreach (var old in Directory.Exists(all) ? Directory.EnumerateDirectories(all).Where(one => one != kept && now - Directory.GetLastWriteTimeUtc(one) > Kept).ToList() : [])
        {
            FolderRemoval.Remove(old);
        }
    }

    /// <summary>A version that says that it is none; the tools that look for one in git's tags find no other.</summary>
    private static string Version(Site site) => Directory.Exists(Path.Combine(site.Root, ".git", "refs", "tags")) && Directory.EnumerateFileSystemEntries(Path.Combine(site.Root, ".git", "refs", "tags")).Any()
        || File.Exists(Path.Combine(site.Root, ".git", "packed-refs")) && File.ReadAllText(Path.Combine(site.Root, ".git", "packed-refs")).Contains("refs/tags/", StringComparison.Ordinal) ? "" : "0.0.1";
}
