using System.Xml.Linq;

namespace Grace.Engine.Workspaces;

/// <summary>Which folders a confined command sees, and how: the private home, the shared package caches, the tools.</summary>
internal sealed class SandboxFolders
{
    // Below the user's home, and needed to run tools: shown read-only. Nothing here holds credentials.
    private static readonly string[] ToolFolders =
        [".dotnet", ".nuget/packages", ".pyenv", ".cargo/bin", ".rustup", ".nvm/versions", ".local/bin", ".local/lib", "go/bin", ".bun/bin", ".deno/bin"];

    private static readonly string[] CacheNames = ["nuget", "nuget-http", "nuget-scratch", "npm", "pip", "cargo", "go", "go-build", "venv"];
    private readonly string userHome = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile).TrimEnd('/');

    private readonly IReadOnlyList<string> first;

    /// <param name="first">Absolute folders in which programs are looked for first.</param>
    public SandboxFolders(string data, IReadOnlyList<string> first)
    {
        Data = Path.GetFullPath(data);
        this.first = [.. first.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))];
        foreach (var name in CacheNames)
        {
            Directory.CreateDirectory(Cache(name));
        }

        Tools = [.. ToolFolders.Select(folder => Path.Combine(userHome, folder)).Concat(OwnTools()).Concat(this.first.Select(Whole).OfType<string>()).Where(Directory.Exists).Distinct()];
        SearchPath = BuildSearchPath();
        ToolHomes = BuildToolHomes();
    }

    public string Data { get; }

    public IReadOnlyList<string> Tools { get; }

    public string SearchPath { get; }

    public IReadOnlyDictionary<string, string> ToolHomes { get; }

    /// <summary>Folders a command sees empty, before what it needs of them is put back.</summary>
    public IReadOnlyList<string> Hidden =>
        [.. new[] { userHome, Environment.IsPrivilegedProcess ? "/root" : "", Environment.IsPrivilegedProcess ? "/home" : "", "/run" }.Concat(Enclosing()).Append(Data)
            .Where(folder => folder.Length > 1 && Directory.Exists(folder)).Distinct()];

    /// <summary>
    /// Source trees that the data folder lies in, as it does by default. Build tools look upwards for settings, and a
    /// workspace must not be built with those of Grace.
    /// </summary>
    private IEnumerable<string> Enclosing()
    {
        string[] settings = [".git", "Directory.Build.props", "Directory.Packages.props", "global.json", "package.json", "go.work", "Cargo.toml", "pyproject.toml", ".editorconfig"];
        for (var folder = Path.GetDirectoryName(Data); folder is { Length: > 1 }; folder = Path.GetDirectoryName(folder))
        {
            if (settings.Any(name => Path.Exists(Path.Combine(folder, name))))
            {
                yield return folder;
            }
        }
    }

    /// <summary>Files a command sees empty: password hashes, and the settings Grace itself was started with.</summary>
    public static IReadOnlyList<string> HiddenFiles =>
        [.. new[] { "/etc/shadow", "/etc/gshadow" }
            .Concat(new[] { AppContext.BaseDirectory, Environment.CurrentDirectory }.Distinct()
                .SelectMany(folder => Directory.EnumerateFiles(folder, "appsettings*.json")))
            .Where(File.Exists)];

    public string Caches => Path.Combine(Data, "cache");

    public string Cache(string name) => Path.Combine(Caches, name);

    /// <summary>A home and a folder for temporary files, for one run.</summary>
    /// <param name="kept">Whether the run outlives this process, as a detached service does.</param>
    public RunFolders NewRun(string id, bool kept = false)
    {
        var run = new RunFolders(Path.Combine(Runs, id));
        run.Create(kept);
        Furnish(run.Home);
        return run;
    }

    public string Runs => Path.Combine(Data, "sandbox");

    /// <summary>Where a program lies for a confined command, or null.</summary>
    public string? Find(string program) => program.Contains('/', StringComparison.Ordinal)
        ? (File.Exists(program) ? program : null)
        : SearchPath.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private string BuildSearchPath()
    {
        var inherited = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        string[] usual = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/go/bin"];
        return string.Join(':', first.Concat(inherited.Where(Visible)).Concat(usual).Where(Path.IsPathRooted).Distinct().Where(Directory.Exists));
    }

    /// <summary>
    /// Tools that the user unpacked below the home folder and put on the path: of NAME/bin all of NAME is needed.
    /// Folders that begin with a dot hold credentials too often; the list above says which parts of them are safe.
    /// </summary>
    private IEnumerable<string> OwnTools() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Append(Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "").Select(folder => folder.TrimEnd('/'))
        .Where(folder => folder != userHome && Below(folder, userHome) && !Path.GetRelativePath(userHome, folder).StartsWith('.'))
        .Select(folder => Path.GetFileName(folder) == "bin" && Path.GetDirectoryName(folder) is { } parent && parent != userHome ? parent : folder);

    /// <summary>
    /// What has to be seen of a folder that the settings name: of NAME/bin all of NAME, unless that could hold more than
    /// tools. Null where showing it would uncover what is hidden.
    /// </summary>
    private string? Whole(string folder)
    {
        bool Covers(string one) => one == "/" || Hidden.Any(hidden => Below(hidden, one));
        var parent = Path.GetDirectoryName(folder);
        var environment = parent is not null && (File.Exists(Path.Combine(parent, "pyvenv.cfg")) || !Path.GetFileName(parent).StartsWith('.'));
        return Path.GetFileName(folder) == "bin" && environment && !Covers(parent!) ? parent : Covers(folder) ? null : folder;
    }

    private bool Visible(string folder) => !Below(folder, userHome) || Tools.Any(tool => Below(folder, tool));

    private static bool Below(string path, string folder) =>
        path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private Dictionary<string, string> BuildToolHomes()
    {
        (string Name, string Folder)[] homes =
            [("PYENV_ROOT", ".pyenv"), ("RUSTUP_HOME", ".rustup"), ("NUGET_FALLBACK_PACKAGES", ".nuget/packages"), ("PYTHONUSERBASE", ".local")];
        return homes.Select(home => (home.Name, Folder: Path.Combine(userHome, home.Folder)))
            .Where(home => Directory.Exists(home.Folder)).ToDictionary(home => home.Name, home => home.Folder);
    }

    /// <summary>
    /// Makes a home for one run: package clients need the registries that the user configured, and must not get the
    /// keys to them. A home of its own, since what one run leaves there must not reach the next.
    /// </summary>
    private void Furnish(string home)
    {
        var npm = Path.Combine(userHome, ".npmrc");
        if (File.Exists(npm))
        {
            File.WriteAllLines(Path.Combine(home, ".npmrc"), File.ReadLines(npm).Where(line => !HoldsKey(line)));
        }

        var nuget = Path.Combine(userHome, ".nuget", "NuGet", "NuGet.Config");
        if (File.Exists(nuget))
        {
            var settings = XDocument.Load(nuget);
            settings.Root?.Elements().Where(section => section.Name.LocalName is "packageSourceCredentials" or "apikeys" or "clientCertificates").Remove();
            Directory.CreateDirectory(Path.Combine(home, ".nuget", "NuGet"));
            settings.Save(Path.Combine(home, ".nuget", "NuGet", "NuGet.Config"));
        }
    }

    private static bool HoldsKey(string line) =>
        line.StartsWith("//", StringComparison.Ordinal) || line.LastIndexOf('@') > 0
        || new[] { "auth", "password", "username" }.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase));
}
