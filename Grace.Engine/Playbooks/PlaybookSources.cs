using Grace.Engine.Pipelines;
using Grace.Engine.Text;
using Grace.Engine.Tools;

namespace Grace.Engine.Playbooks;

/// <param name="Problems">FILE:LINE: what is wrong, for those that cannot be used.</param>
public sealed record FoundPlaybooks(IReadOnlyList<Playbook> Playbooks, IReadOnlyList<string> Problems);

/// <summary>Where playbooks come from: those that ship, and the files of folders.</summary>
public sealed class PlaybookSources(IEnumerable<Playbook> shipped, string folder, ToolBox tools)
{
    const int MostFiles = 500;
    string? seen;

    public IReadOnlyList<Playbook> Shipped { get; } = [.. shipped];

    /// <summary>What the team's folder holds, when it changed since the last call.</summary>
    public bool FolderChanged(out FoundPlaybooks found)
    {
        var files = Files(folder);
        var now = string.Join('|', files.Select(f => $"{f.Name}:{f.LastWriteTimeUtc.Ticks}:{f.Length}"));
        found = new([], []);
        var before = Interlocked.Exchange(ref seen, now);
        if (now == (before ?? ""))
            return false;
        found = Read(files.Select(f => (f.FullName, File.ReadAllText(f.FullName))), PlaybookSource.Folder);
        return true;
    }

    /// <summary>Those of a repository; deploying and recovering are not its business.</summary>
    public FoundPlaybooks InRepository(IEnumerable<(string File, string Text)> files)
    {
        var found = Read(files.Take(MostFiles), PlaybookSource.Repository);
        var (allowed, barred) = (found.Playbooks.Where(p => p.Phase is not (null or Phase.Deploy)), found.Playbooks.Where(p => p.Phase is null or Phase.Deploy));
        return new([.. allowed], [.. found.Problems, .. barred.Select(p => $"{p.File}:1: a repository's playbook is for research, design, implement or test; this is for {p.Phase?.Name() ?? "no phase"}")]);
    }

    /// <summary>Reads and checks one text.</summary>
    public (Playbook? Playbook, IReadOnlyList<PlaybookProblem> Problems) Check(string yaml, string file, string source, IEnumerable<string> known)
    {
        try
        {
            var playbook = PlaybookReader.Read(yaml, file, source);
            return (playbook, PlaybookCheck.Of(playbook, tools, [.. known, playbook.Id]));
        }
        catch (PlaybookInvalid invalid)
        {
            return (null, [new(invalid.Line, Storable.Text(invalid.Problem))]);
        }
        catch (Exception unforeseen) when (unforeseen is not (OutOfMemoryException or OperationCanceledException))
        {
            // Anybody may have written it: whatever it does to a reader is a problem of the text, and of nothing else.
            return (null, [new(1, $"it cannot be read: {unforeseen.Message}")]);
        }
    }

    FoundPlaybooks Read(IEnumerable<(string File, string Text)> files, string source)
    {
        List<(string File, string Text)> all = [.. files];
        // Files of one folder may use each other, so their names count before they are checked.
        var known = Shipped.Select(p => p.Id).Concat(all.Select(f => Check(f.Text, f.File, source, []).Playbook?.Id).OfType<string>()).ToHashSet();
        List<Playbook> good = [];
        List<string> problems = [];
        foreach (var (file, text) in all)
        {
            var (playbook, wrong) = Check(text, file, source, known);
            if (playbook is not null && wrong.Count == 0)
                good.Add(playbook);
            problems.AddRange(wrong.Select(p => $"{Path.GetFileName(file)}:{p.Line}: {p.Message}"));
        }
        return new([.. good.DistinctBy(p => p.Id)], problems);
    }

    static List<FileInfo> Files(string folder) => !Directory.Exists(folder) ? []
        : [.. new DirectoryInfo(folder).EnumerateFiles("*.yaml").OrderBy(f => f.Name, StringComparer.Ordinal).Take(MostFiles)];
}
