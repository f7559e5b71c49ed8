using System.Text.Json.Serialization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grace.Engine.Text;

namespace Grace.Engine.Deployments;

/// <summary>A repository says about itself what cannot be followed; the message names the file and the key.</summary>
public sealed class WrongServiceFile(string message) : Exception($"{ServiceFile.Name}: {message}");

/// <summary>
/// What a repository's <c>grace-service.json</c> says: how its tree becomes a release, and how that is started. Words may hold
/// <c>{release}</c> (the release's folder), and where it starts <c>{port}</c>, <c>{host}</c> and <c>{data}</c> (a folder to write to).
/// </summary>
/// <param name="Service">Names the service; releases of one name take one another's place.</param>
/// <param name="Build">Program and arguments that fill <c>{release}</c>, run in the tree; null: the tree itself is the release.</param>
/// <param name="Start">Program and arguments, run in the release's folder.</param>
public sealed partial record ServiceFile(
    string Service,
    IReadOnlyList<string>? Build,
    IReadOnlyList<string> Start,
    IReadOnlyDictionary<string, string>? Environment,
    string? Health)
{
    public const string Name = "grace-service.json";

    const int LongestFile = 64 * 1024;

    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public StartPlan Plan => new(Start, Environment ?? new Dictionary<string, string>(), Health ?? StartPlan.UsualHealth);

    /// <summary>What the tree in a folder says; null where it says nothing.</summary>
    /// <exception cref="WrongServiceFile">It says something that cannot be followed.</exception>
    public static ServiceFile? In(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, Name));
        // Grace reads this outside the sandbox: a link could make it read what the tree has no business with.
        // Length 0 is also what a pipe says, which would block.
        if (file.LinkTarget is not null || file is { Exists: true, Length: 0 or > LongestFile })
            throw new WrongServiceFile($"it must be a file of 1 to {LongestFile} bytes, and no link.");
        return file.Exists ? Read(File.ReadAllText(file.FullName)) : null;
    }

    /// <exception cref="WrongServiceFile">The text is no such file.</exception>
    public static ServiceFile Read(string text)
    {
        ServiceFile? file;
        try
        {
            file = JsonSerializer.Deserialize<ServiceFile>(Storable.Text(text), Json);
        }
        catch (JsonException wrong)
        {
            throw new WrongServiceFile(wrong.Message);
        }
        if (file?.Service is null || !ServiceName().IsMatch(file.Service))
            throw new WrongServiceFile($"service is '{file?.Service}'; it must be lower-case letters, digits, - and _, at most 60 of them.");
        if (file.Start is not { Count: > 0 } || file.Start.Any(string.IsNullOrEmpty))
            throw new WrongServiceFile("start must be a list of words, the program first, none of them empty.");
        if (file.Build is { } build && (build.Count == 0 || build.Any(string.IsNullOrEmpty) || !build.Any(word => word.Contains("{release}", StringComparison.Ordinal))))
            throw new WrongServiceFile("build must be a list of words, the program first, with {release} where the release is to go; or left out, to release the tree as it is.");
        if (file.Environment?.Keys.FirstOrDefault(name => !Variable().IsMatch(name)) is { } variable)
            throw new WrongServiceFile($"environment has '{variable}', which is no name of a variable.");
        if (file.Environment?.FirstOrDefault(pair => pair.Value is null).Key is { } empty)
            throw new WrongServiceFile($"environment.{empty} is null; it must be text.");
        if (file.Health is { } health && !HealthPath().IsMatch(health))
            throw new WrongServiceFile($"health is '{health}'; it must be a path that begins with /, such as {StartPlan.UsualHealth}.");
        return file;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{0,59}\z")]
    private static partial Regex ServiceName();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^/(?!/)[A-Za-z0-9._~/-]*\z")]
    private static partial Regex HealthPath();
}
