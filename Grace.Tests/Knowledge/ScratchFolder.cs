using System.Diagnostics;

namespace Grace.Tests.Knowledge;

/// <summary>A folder that goes away with the test.</summary>
public sealed class ScratchFolder : IDisposable
{
    public ScratchFolder() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Combine(Path.GetTempPath(), $"grace-knowledge-{Guid.NewGuid():N}");

    public string Write(string path, string text)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    public void Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main" }.Concat(arguments))
            start.ArgumentList.Add(argument);
        using var git = Process.Start(start)!;
        var complaint = git.StandardError.ReadToEnd();
        git.WaitForExit();
        git.ExitCode.ShouldBe(0, complaint);
    }

    /// <summary>Everything written so far as one commit.</summary>
    public void Commit(string subject)
    {
        if (!Directory.Exists(Path.Combine(Root, ".git"))) Git("init", "-q");
        Git("add", "-A");
        Git("commit", "-q", "--allow-empty", "-m", subject);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
