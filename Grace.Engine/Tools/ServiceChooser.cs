using System.Collections.Concurrent;
using Grace.Engine.Design;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Tools;

/// <summary>
/// Chooses the templates for a service: those of the framework that is asked for where what they need answers on this
/// machine, else the language's plain ones. What is asked for and not given is said, never dropped.
/// </summary>
public sealed class ServiceChooser(ServiceTemplates templates, Sandbox sandbox, TimeProvider clock)
{
    /// <summary>So that somebody who installs what was missing does not have to restart anything.</summary>
    static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<string, (long At, string? Why)> answers = new();

    /// <param name="database">What is asked for as the database; null where that is open.</param>
    /// <exception cref="TaskRefusedException">Language or framework have no templates, or what they need is missing and the language has no plain ones.</exception>
    public async Task<ServiceChoice> ChooseAsync(string language, string? framework, string? database, CancellationToken cancel)
    {
        var chosen = templates.Find(language, framework);
        var assumptions = new List<string>();
        string? instead = null;
        if (await MissingAsync(chosen.Manifest, cancel) is var (need, why))
        {
            var wish = framework ?? Name(chosen) ?? language;
            var plain = templates.Find(language, null);
            if (plain == chosen)
                throw new TaskRefusedException("framework", wish, $"is not installed where this runs ({why})", need.Remedy);
            instead = $"{wish} is not installed";
            assumptions.Add($"{ServiceChoice.About(wish)}; it is not installed where this runs ({why}), so the service is written on {On(plain) ?? language}."
                + (need.Remedy is null ? "" : $" To have it: {need.Remedy}."));
            chosen = plain;
        }
        if (database is not null && chosen.Manifest.Databases is [var stored, ..] && !chosen.Manifest.Databases.Contains(database, StringComparer.OrdinalIgnoreCase))
            assumptions.Add($"{ServiceChoice.About(database)}; services in {language} store in {stored}, in their folder of data, so this one does too.");
        return new(Name(chosen), instead, assumptions);
    }

    async Task<(TemplateManifest.Need Need, string Why)?> MissingAsync(TemplateManifest manifest, CancellationToken cancel)
    {
        foreach (var need in manifest.Needs)
            if (await WhyNotAsync(need.Command, cancel) is { } why)
                return (need, why);
        return null;
    }

    async Task<string?> WhyNotAsync(List<string> command, CancellationToken cancel)
    {
        var text = string.Join(' ', command.Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word));
        if (answers.TryGetValue(text, out var known) && clock.GetElapsedTime(known.At) < Remembered)
            return known.Why;
        var result = await sandbox.RunAsync(new SandboxCommand { Argv = command, WorkingDirectory = "/usr", TimeLimit = Patience, Name = text }, cancel);
        var last = result.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        var why = result.Succeeded ? null
            : $"{text}: {(result.TimedOut ? $"no answer within {Patience.TotalSeconds:0} s" : last ?? $"exit code {result.ExitCode}")}";
        answers[text] = (clock.GetTimestamp(), why);
        return why;
    }

    static string? Name(TemplateFolder folder) => folder.Manifest.Frameworks.FirstOrDefault();

    static string? On(TemplateFolder folder) => folder.Manifest.Words.GetValueOrDefault("on") ?? Name(folder);
}
