using System.Text.RegularExpressions;
using Grace.Engine.Knowledge.Repositories;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>
/// Crates that cannot be had, and that a package asks for only for its tests, benchmarks or optional features: cargo resolves none
/// of its targets before it has all of them. Empty crates in their place let it go on; whatever uses one does not compile.
/// </summary>
internal static partial class CargoAbsent
{
    private sealed record Need(string Crate, string Version, bool Spare);

    /// <returns>The crates, and the words that make cargo take empty ones; null where it failed for another reason, or needs one of them in any case.</returns>
    public static (IReadOnlyList<string> What, string[] Words)? Of(Site site, string output)
    {
        // A lock file of the repository's own would have to be rewritten.
        if (!Away().IsMatch(output) || site.Has("Cargo.lock"))
        {
            return null;
        }

        var manifests = site.Files("Cargo.toml", 3).Where(file => Path.GetDirectoryName(file) == site.Folder || Cargo.Covers(site, Path.GetDirectoryName(file)!)).Select(file => Toml.Read(ForeignFile.Text(file))).ToList();
        var needs = manifests.SelectMany(manifest => Needs(manifest, manifests)).DistinctBy(need => (need.Crate, need.Version, need.Spare)).ToList();
        if (needs.Count == 0 || needs.Any(need => !need.Spare))
        {
            return null;
        }

        var features = manifests.SelectMany(Features).ToLookup(one => one.Crate, one => one.Feature);
        var home = Path.Combine(site.Results, $"cargo-{Guid.NewGuid():n}");
        var patch = needs.Select((need, i) => Write(need, Path.Combine(home, $"{i}"), i, features[need.Crate].Distinct())).ToList();
        var config = Path.Combine(home, "config.toml");
        File.WriteAllText(config, "[patch.crates-io]\n" + string.Concat(patch));
        return ([.. needs.Select(need => need.Crate).Distinct().Order(StringComparer.Ordinal)], ["--offline", "--config", config]);
    }

    private static string Write(Need need, string folder, int number, IEnumerable<string> features)
    {
        Directory.CreateDirectory(Path.Combine(folder, "src"));
        File.WriteAllText(Path.Combine(folder, "src", "lib.rs"), "");
        File.WriteAllText(Path.Combine(folder, "Cargo.toml"), $"[package]\nname = \"{need.Crate}\"\nversion = \"{need.Version}\"\nedition = \"2018\"\n[features]\n{string.Concat(features.Select(name => $"\"{name}\" = []\n"))}");
        return $"absent{number} = {{ package = \"{need.Crate}\", path = '{folder}' }}\n";
    }

    /// <summary>What comes from the registry; what has a path or an address comes from elsewhere.</summary>
    private static IEnumerable<Need> Needs(Toml manifest, IReadOnlyList<Toml> all)
    {
        foreach (var (name, value, dev) in Dependencies(manifest))
        {
            var shared = Shared().IsMatch(value) ? all.SelectMany(Dependencies).FirstOrDefault(one => one.Name == name && Toml.Version(one.Value) is not null).Value : value;
            if (shared is not null && Toml.Version(shared) is { } version && !Elsewhere().IsMatch(shared))
            {
                var crate = Toml.Field(shared, "package") ?? name;
                if (Name().IsMatch(crate))
                {
                    yield return new Need(crate, Exact(version), dev || Optional().IsMatch(value));
                }
            }
        }
    }

    /// <summary>One for each dependency, those with a table of their own too, as an inline table.</summary>
    private static IEnumerable<(string Name, string Value, bool Dev)> Dependencies(Toml manifest) =>
        manifest.Entries.Where(one => Table().IsMatch(one.Table)).Select(one => (one.Key, one.Value, Table().Match(one.Table).Groups["dev"].Success))
            .Concat(manifest.Entries.Where(one => Own().IsMatch(one.Table)).GroupBy(one => one.Table)
                .Select(same => (Own().Match(same.Key).Groups["name"].Value, $"{{ {string.Join(", ", same.Select(one => $"{one.Key} = {one.Value}"))} }}", Own().Match(same.Key).Groups["dev"].Success)));

    /// <summary>Asked for beside a dependency, or by a feature of the package: "serde/std".</summary>
    private static IEnumerable<(string Crate, string Feature)> Features(Toml manifest) =>
        Dependencies(manifest).SelectMany(one => Asked().Match(one.Value) is { Success: true } asked ? Toml.Strings(asked.Groups[1].Value).Select(feature => (Toml.Field(one.Value, "package") ?? one.Name, feature)) : [])
            .Concat(manifest.Entries.Where(one => one.Table == "features").SelectMany(one => Toml.Strings(one.Value)).Select(text => text.Split('/')).Where(parts => parts.Length == 2)
                .Select(parts => (Dependencies(manifest).Where(one => one.Name == parts[0].TrimEnd('?')).Select(one => Toml.Field(one.Value, "package")).FirstOrDefault(package => package is not null) ?? parts[0].TrimEnd('?'), parts[1])));

    /// <summary>The lowest version that a requirement takes.</summary>
    private static string Exact(string requirement) =>
        Number().Match(requirement) is { Success: true } number ? string.Join('.', number.Value.Split('.').Concat(["0", "0"]).Take(3)) : "0.0.1";

    [GeneratedRegex(@"failed to (?:get|download|load source for dependency|query replaced source|fetch)\b|no matching package named|Could not resolve host|attempting to make an HTTP request, but --offline", RegexOptions.IgnoreCase)]
    private static partial Regex Away();

    [GeneratedRegex(@"^(?:target\..+\.)?(?:(?<dev>dev-)|build-)?dependencies$|^workspace\.(?<dev>dependencies)$")]
    private static partial Regex Table();

    [GeneratedRegex(@"^(?:target\..+\.)?(?:(?<dev>dev-)|build-)?dependencies\.(?<name>[\w-]+)$")]
    private static partial Regex Own();

    [GeneratedRegex(@"\bworkspace\s*=\s*true\b|^true$")]
    private static partial Regex Shared();

    [GeneratedRegex(@"\boptional\s*=\s*true\b")]
    private static partial Regex Optional();

    [GeneratedRegex(@"\b(?:path|git|registry)\s*=")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"\bfeatures\s*=\s*\[([^\]]*)\]")]
    private static partial Regex Asked();

    [GeneratedRegex(@"\d+(?:\.\d+){0,2}")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[A-Za-z][\w-]*$")]
    private static partial Regex Name();
}
