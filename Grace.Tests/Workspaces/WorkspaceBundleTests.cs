using Grace.Engine.Workspaces;

namespace Grace.Tests.Workspaces;

public sealed class WorkspaceBundleTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    string At(string name) => Path.Combine(folder.Path, name);

    async Task<WorkspaceCommit> Commit(string name) => await (await GitWorkspace.CreateEmptyAsync(At(name), default)).CommitAsync("Work", default);

    [Fact]
    public async Task Another_nodes_workspace_becomes_the_very_tree()
    {
        folder.Write("one/a.txt", "a");
        var commit = await Commit("one");
        await WorkspaceBundle.RestoreAsync(At("two"), (await WorkspaceBundle.MakeAsync(At("one"), default))!, default);
        (await WorkspaceBundle.StandsAtAsync(At("two"), commit.Tree, default)).ShouldBeTrue();
        File.ReadAllText(At("two/a.txt")).ShouldBe("a");
    }

    [Fact]
    public async Task An_older_attempts_work_gives_way()
    {
        folder.Write("one/a.txt", "new");
        var commit = await Commit("one");
        folder.Write("two/a.txt", "old");
        folder.Write("two/b.txt", "old");
        await Commit("two");
        folder.Write("two/left-over.txt", "half written");
        (await WorkspaceBundle.StandsAtAsync(At("two"), commit.Tree, default)).ShouldBeFalse();
        await WorkspaceBundle.RestoreAsync(At("two"), (await WorkspaceBundle.MakeAsync(At("one"), default))!, default);
        Directory.EnumerateFiles(At("two")).Select(Path.GetFileName).ShouldBe(["a.txt"]);
        (await (await GitWorkspace.OpenAsync(At("two"), default)).TreeHashAsync(default)).ShouldBe(commit.Tree);
    }

    [Fact]
    public async Task The_lock_of_a_git_that_was_killed_is_removed()
    {
        folder.Write("one/a.txt", "a");
        await Commit("one");
        folder.Write("one/.git/index.lock", "");
        folder.Write("one/a.txt", "b");
        await Should.ThrowAsync<GitFailedException>(() => Commit("one"));
        GitWorkspace.Unlock(At("one"));
        (await Commit("one")).Changed.ShouldBeTrue();
    }

    public void Dispose() => folder.Dispose();
}
