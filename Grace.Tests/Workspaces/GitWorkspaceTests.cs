using System.Diagnostics;
using Grace.Engine.Workspaces;

namespace Grace.Tests.Workspaces;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class GitWorkspaceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task The_tree_hash_of_the_work_tree_is_the_tree_of_its_next_commit()
    {
        var workspace = await Workspace();
        folder.Write("one/a.txt", "a");
        folder.Write("one/deep/b.txt", "b");
        var before = await workspace.TreeHashAsync(default);

        var commit = await workspace.CommitAsync("Begin\n\nWith two files", default);

        commit.Tree.ShouldBe(before);
        commit.Changed.ShouldBeTrue();
        commit.Files.ShouldBe([new ChangedFile("A", "a.txt"), new ChangedFile("A", "deep/b.txt")]);
        commit.DiffStat.ShouldContain("2 files changed");
        (await workspace.TreeHashAsync(default)).ShouldBe(commit.Tree);
        folder.Write("one/a.txt", "changed");
        (await workspace.TreeHashAsync(default)).ShouldNotBe(commit.Tree);
        Run(Path.Combine(folder.Path, "one"), "log", "-1", "--format=%an <%ae>|%s").ShouldBe("Grace <grace@localhost>|Begin");
    }

    [Fact]
    public async Task Ignored_files_are_no_part_of_the_tree()
    {
        var workspace = await Workspace();
        folder.Write("one/.gitignore", "*.log\n");
        folder.Write("one/a.txt", "a");
        var before = await workspace.TreeHashAsync(default);
        folder.Write("one/noise.log", "noise");
        folder.Write("one/built/x.o", "object");
        workspace.Ignore(["/built/"]);

        (await workspace.TreeHashAsync(default)).ShouldBe(before);
        (await workspace.CommitAsync("Begin", default)).Files.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Committing_nothing_changes_nothing()
    {
        var workspace = await Workspace();
        (await workspace.CommitAsync("Nothing", default)).Commit.ShouldBeEmpty();
        folder.Write("one/a.txt", "a");
        var first = await workspace.CommitAsync("Begin", default);
        var second = await workspace.CommitAsync("Again", default);

        second.Changed.ShouldBeFalse();
        second.Commit.ShouldBe(first.Commit);
    }

    [Fact]
    public async Task An_export_is_exactly_the_tree_whatever_the_attributes_say()
    {
        var workspace = await Workspace();
        folder.Write("one/.gitattributes", "a.txt export-ignore\nb.txt export-subst\n");
        folder.Write("one/a.txt", "a");
        folder.Write("one/b.txt", "$Format:%H$\n");
        folder.Write("one/run.sh", "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(folder.Path, "one/run.sh"), (UnixFileMode)Convert.ToInt32("755", 8));
        var commit = await workspace.CommitAsync("Begin", default);
        folder.Write("one/later.txt", "not of this tree");
        var target = Path.Combine(folder.Path, "export");

        await workspace.ExportTreeAsync(commit.Tree, target, default);

        var again = await GitWorkspace.CreateEmptyAsync(target, default);
        (await again.TreeHashAsync(default)).ShouldBe(commit.Tree);
        await Should.ThrowAsync<GitFailedException>(() => workspace.ExportTreeAsync(commit.Tree, target, default));
    }

    [Fact]
    public async Task A_clone_says_what_was_not_committed_and_leaves_the_source_alone()
    {
        var source = await Workspace();
        folder.Write("one/a.txt", "a");
        var commit = await source.CommitAsync("Begin", default);
        folder.Write("one/open.txt", "not committed");

        var clone = await WorkspaceClone.FromAsync(source.Path, Path.Combine(folder.Path, "clone"), default);

        clone.Head.ShouldBe(commit.Commit);
        clone.Notes.ShouldHaveSingleItem().ShouldMatch("1 uncommitted change in .* open.txt");
        File.Exists(Path.Combine(folder.Path, "clone/open.txt")).ShouldBeFalse();
        File.Exists(Path.Combine(folder.Path, "one/open.txt")).ShouldBeTrue();
        (await WorkspaceClone.ProbeAsync("file://" + source.Path, default)).ShouldBe(new SourceProbe(true, null, commit.Commit));
    }

    [Fact]
    public async Task A_folder_that_is_no_repository_is_copied_and_put_under_git()
    {
        folder.Write("plain/src/a.txt", "a");
        Directory.CreateDirectory(Path.Combine(folder.Path, "plain/.grace"));

        var clone = await WorkspaceClone.FromAsync(Path.Combine(folder.Path, "plain"), Path.Combine(folder.Path, "plain/.grace/one"), default);

        (await clone.Workspace.FilesAsync(clone.Head!, default)).ShouldBe(["src/a.txt"]);
        clone.Notes.ShouldHaveSingleItem().ShouldContain("copied");
        Directory.Exists(Path.Combine(folder.Path, "plain/.git")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_could_not_be_brought_over_whole_is_not_there_at_all_and_the_next_try_begins_anew()
    {
        folder.Write("plain/a.txt", "a");
        folder.Write("one.killed.part/half.txt", "of a process that was killed");
        var (source, path) = (Path.Combine(folder.Path, "plain"), Path.Combine(folder.Path, "one"));
        await Should.ThrowAsync<OperationCanceledException>(() => WorkspaceClone.FromAsync(source, path, new(canceled: true)));
        Directory.GetFileSystemEntries(folder.Path).ShouldBe([source]);

        var clone = await WorkspaceClone.FromAsync(source, path, default);

        (await clone.Workspace.FilesAsync(clone.Head!, default)).ShouldBe(["a.txt"]);
        clone.Workspace.Path.ShouldBe(path);
    }

    [Theory]
    [InlineData("--upload-pack=touch /tmp/x")]
    [InlineData("ext::sh -c whoami")]
    [InlineData("ftp://example.org/a.git")]
    [InlineData("")]
    [InlineData("/no/such/folder")]
    [InlineData("file:///no/such/folder")]
    public async Task What_is_no_readable_repository_is_refused(string source)
    {
        var probe = await WorkspaceClone.ProbeAsync(source, default);

        probe.Readable.ShouldBeFalse();
        probe.Error.ShouldNotBeNullOrWhiteSpace();
        await Should.ThrowAsync<GitFailedException>(() => WorkspaceClone.FromAsync(source, Path.Combine(folder.Path, "clone"), default));
    }

    [Theory]
    [InlineData("https://me:secret@example.org/a.git")]
    [InlineData("https://secret@example.org/a.git")]
    [InlineData("ssh://git:secret@example.org/a.git")]
    public async Task An_address_with_a_secret_is_refused_before_the_log_keeps_it(string source)
    {
        var probe = await WorkspaceClone.ProbeAsync(source, default);

        probe.Error.ShouldNotBeNull().ShouldContain("git-credentials");
        probe.Error.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_private_repository_is_cloned_with_what_the_data_folder_knows_and_nothing_else_learns_it()
    {
        var workspace = await Workspace();
        folder.Write("one/a.txt", "a");
        await workspace.CommitAsync("Begin", default);
        await using var host = await GitHost.StartAsync(folder.Path, "ada", "s3cret");
        var source = $"{host.Address}one/.git";
        var data = folder.Folder("data with 'a name'");
        (await WorkspaceClone.ProbeAsync(source, default, data)).Readable.ShouldBeFalse();

        var credentials = Path.Combine(data, "git-credentials");
        await File.WriteAllTextAsync(credentials, $"http://ada:s3cret@{host.Address.Authority}\n");
        (await WorkspaceClone.ProbeAsync(source, default, data)).Error.ShouldBeNull();
        var clone = await WorkspaceClone.FromAsync(source, Path.Combine(folder.Path, "clone"), default, data);

        File.ReadAllText(Path.Combine(clone.Workspace.Path, "a.txt")).ShouldBe("a");
        Run(clone.Workspace.Path, "config", "--list", "--local").ShouldNotContain("s3cret");
        await File.WriteAllTextAsync(credentials, $"http://ada:old@{host.Address.Authority}\n");
        (await WorkspaceClone.ProbeAsync(source, default, data)).Error.ShouldNotBeNull().ShouldNotContain("old");
        File.ReadAllText(credentials).ShouldContain("ada:old");
    }

    [Fact]
    public void A_password_in_an_address_is_never_repeated() =>
        GitSource.Redact("https://me:secret@example.org/a.git").ShouldBe("https://***@example.org/a.git");

    [Fact]
    public async Task A_repository_whose_configuration_runs_programs_is_not_opened()
    {
        var workspace = await Workspace();
        File.AppendAllText(Path.Combine(workspace.Path, ".git/config"), "[filter \"x\"]\n\tclean = touch /tmp/owned\n");

        (await Should.ThrowAsync<GitFailedException>(() => GitWorkspace.OpenAsync(workspace.Path, default))).Message.ShouldContain("filter.x.clean");
    }

    [Fact]
    public async Task Hooks_do_not_run()
    {
        var workspace = await Workspace();
        var hook = Path.Combine(workspace.Path, ".git/hooks/pre-commit");
        folder.Write("one/.git/hooks/pre-commit", "#!/bin/sh\nexit 1\n");
        File.SetUnixFileMode(hook, (UnixFileMode)Convert.ToInt32("755", 8));
        folder.Write("one/a.txt", "a");

        (await workspace.CommitAsync("Begin", default)).Changed.ShouldBeTrue();
    }

    [Fact]
    public async Task Differences_are_between_any_two_trees()
    {
        var workspace = await Workspace();
        folder.Write("one/a.txt", "a\n");
        var first = await workspace.CommitAsync("Begin", default);
        folder.Write("one/a.txt", "b\n");
        var now = await workspace.TreeHashAsync(default);

        (await workspace.DiffAsync(first.Commit, now, default)).ShouldContain("-a\n+b\n");
        (await workspace.DiffAsync(null, first.Tree, default)).ShouldContain("+a\n");
        (await workspace.ChangesAsync(first.Tree, now, default)).ShouldBe([new ChangedFile("M", "a.txt")]);
    }

    public void Dispose() => folder.Dispose();

    private Task<GitWorkspace> Workspace() => GitWorkspace.CreateEmptyAsync(Path.Combine(folder.Path, "one"), default);

    private static string Run(string folder, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo("git", ["-C", folder, .. words]) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd().Trim();
    }
}
