using System.Text.RegularExpressions;
using Grace.Engine.Hosting;
using Grace.Engine.Text;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Grace.Engine.Failures;

/// <summary>The known issues: those that ship, and the team's own in the data folder's <c>known-issues/*.yaml</c>.</summary>
public sealed class KnownIssues(string folder)
{
    const string Shipped = "Failures/known-issues.yaml";
    static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    /// <summary>Read afresh, so that a file that a team adds counts from the next failure on; theirs come first.</summary>
    /// <exception cref="FormatException">A file cannot be read; it names file and line.</exception>
    public IReadOnlyList<KnownIssue> All()
    {
        var own = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal) : Enumerable.Empty<string>();
        return [.. own.SelectMany(file => Read(File.ReadAllText(file), file)), .. Read(Resources.Read(Shipped), Shipped)];
    }

    public static IReadOnlyList<KnownIssue> Read(string yaml, string file)
    {
        try
        {
            var entries = ForeignYaml.Told(() => new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<List<Entry>?>(yaml)) ?? [];
            return [.. entries.Select(e => e?.ToIssue(file) ?? throw new FormatException($"{file}: an entry is empty"))];
        }
        catch (YamlException broken)
        {
            throw new FormatException($"{file}:{broken.Start.Line}: {broken.InnerException?.Message ?? broken.Message}", broken);
        }
    }

    sealed class Entry
    {
        public string? Id { get; set; }
        public string? Title { get; set; }
        public List<string> Phases { get; set; } = [];
        public string? Match { get; set; }
        public List<string> Unless { get; set; } = [];
        public string? Fix { get; set; }
        public double BackoffSeconds { get; set; }

        public KnownIssue ToIssue(string file)
        {
            if (Id is null || Match is null || Fix is null)
                throw new FormatException($"{file}: the known issue '{Id ?? Title ?? "?"}' needs id, match and fix.");
            try
            {
                var match = new Regex(Match, RegexOptions.Multiline | RegexOptions.CultureInvariant, MatchLimit);
                return new(Id, Title ?? Id, Phases, match, Unless, Fix, TimeSpan.FromSeconds(Math.Clamp(BackoffSeconds, 0, 300)));
            }
            catch (ArgumentException wrong)
            {
                throw new FormatException($"{file}: 'match' of {Id} is no regular expression: {wrong.Message}", wrong);
            }
        }
    }
}
