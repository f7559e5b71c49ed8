using Grace.Engine.Workspaces;
using Grace.Tests.Support;

namespace Grace.Tests.Workspaces;

/// <summary>Repositories as strangers have them: what was not cloned is said, with its true reason.</summary>
public sealed class ForeignRepositoryTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("")]
    [InlineData("file://")]
    public async Task A_repository_on_this_machine_comes_with_its_history_and_tags(string scheme)
    {
        var source = Repository("git tag v1; git commit -q --allow-empty -m two");
        var clone = await CloneAsync(scheme + source);
        TemporaryFolder.Shell(clone.Workspace.Path, "git describe --tags; git rev-list --count HEAD").ShouldMatch("^v1-1-g.*\n2\n$");
        clone.Notes.ShouldBeEmpty();
        TemporaryFolder.Shell(clone.Workspace.Path, "git remote").ShouldBe("", "where it lies on this machine is nobody's business");
    }

    [Fact]
    public async Task Its_home_is_kept_without_credentials()
    {
        var source = Repository("git remote add origin https://ada:secret@example.org/x/y.git");
        TemporaryFolder.Shell((await CloneAsync(source)).Workspace.Path, "git remote get-url origin").ShouldBe("https://example.org/x/y.git\n");
    }

    [Fact]
    public async Task A_head_that_names_no_branch_is_told_and_another_branch_taken()
    {
        var source = Repository("git branch -m trunk; git symbolic-ref HEAD refs/heads/gone");
        var clone = await CloneAsync(source);
        clone.Head.ShouldNotBeNull();
        clone.Notes.ShouldContain("The repository's HEAD names a branch that is not there; trunk was taken.");
        File.Exists(Path.Combine(clone.Workspace.Path, "a.txt")).ShouldBeTrue();
    }

    [LinuxFact(AsRoot = true)]
    public async Task A_repository_of_another_user_is_read()
    {
        var source = Repository("chown -R 1234:1234 .");
        (await WorkspaceClone.ProbeAsync(source, default)).Readable.ShouldBeTrue();
        (await CloneAsync(source)).Head.ShouldNotBeNull();
    }

    [Fact]
    public async Task Pointers_of_Git_LFS_are_told()
    {
        var source = Repository("printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:00\\nsize 3\\n' > big.bin; git add -A; git commit -qm lfs");
        (await CloneAsync(source)).Notes.ShouldBe(["1 file is a pointer of Git LFS; what is behind was not fetched."]);
    }

    Task<ClonedWorkspace> CloneAsync(string source) => WorkspaceClone.FromAsync(source, Path.Combine(folder.Path, "clone"), CancellationToken.None);

    string Repository(string then)
    {
        var source = folder.Folder("source");
        TemporaryFolder.Shell(source, $"export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@x; git init -q -b main; echo a > a.txt; git add -A; git commit -qm one; {then}");
        return source;
    }

    public void Dispose() => folder.Dispose();
}
