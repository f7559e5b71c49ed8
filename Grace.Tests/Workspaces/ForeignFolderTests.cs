using Grace.Engine.Workspaces;

namespace Grace.Tests.Workspaces;

/// <summary>Folders as strangers have them: pipes, links to nowhere, names that are no UTF-8, keys that stand twice.</summary>
public sealed class ForeignFolderTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_folder_is_copied_with_the_bytes_of_its_names_and_without_what_would_block()
    {
        var source = folder.Folder("source");
        TemporaryFolder.Shell(source, """mkfifo pipe; mkdir -p tests sub/.git; mkfifo tests/test_pipe.py; ln -s /nowhere tests/test_gone.py; printf x > "$(printf 'caf\351.txt')"; printf y > tests/a.txt; printf e > sub/e; printf z > sub/.git/config; : > empty""");
        var made = await WorkspaceClone.FromAsync(source, Path.Combine(folder.Path, "copy"), CancellationToken.None);
        TemporaryFolder.Shell(made.Workspace.Path, "find . -path ./.git -prune -o -mindepth 1 -print | LC_ALL=C sort | od -c | head -40").ShouldContain("c   a   f 351");
        made.Notes.ShouldContain(note => note.StartsWith("2 pipes, sockets or devices were left out: ", StringComparison.Ordinal));
        TemporaryFolder.Shell(made.Workspace.Path, "find . -type p | wc -l").Trim().ShouldBe("0");
        TemporaryFolder.Shell(made.Workspace.Path, "readlink tests/test_gone.py; cat tests/a.txt; test -f empty; test ! -e sub/.git; git status --porcelain").ShouldBe("/nowhere\ny");
    }

    [Fact]
    public async Task A_workspace_inside_its_source_is_not_copied_into_itself()
    {
        folder.Write("a.txt", "a");
        await WorkspaceClone.FromAsync(folder.Path, Path.Combine(folder.Folder(".grace"), "pipelines/p/workspace"), CancellationToken.None);
        TemporaryFolder.Shell(folder.Path, "find .grace -name a.txt | wc -l; find .grace -mindepth 1 -name .grace | wc -l").ShouldBe("1\n0\n");
    }

    [Fact]
    public async Task Names_are_no_keys()
    {
        folder.Write("repository/package.json", """{ "name": "x", "name": "y", "scripts": { "test": "false", "test": "node --test" } }""");
        foreach (var file in new[] { "a", "b" })
            folder.Write($"repository/{file}.test.js", "const t=require('node:test'); t('returns 404',()=>{throw new Error('no')});");
        var (repository, sandbox) = Commit();
        var report = await new RepositoryTests(sandbox).RunAsync(repository, new TestOptions(), _ => { }, CancellationToken.None);
        report.Failures.Select(f => f.Id).ShouldBe(["returns 404", "returns 404"], report.Reason);
        var reruns = await new RepositoryMends(sandbox).RerunAsync(repository, report.Failures, _ => { }, CancellationToken.None);
        reruns.ShouldNotBeNull().ShouldAllBe(one => one.Test == "returns 404" && one.Passed == 0);
    }

    [Fact]
    public async Task What_does_not_run_again_is_not_said_to_fail_again()
    {
        folder.Write("repository/package.json", """{ "scripts": { "test": "sh mocha.sh" } }""");
        folder.Write("repository/mocha.sh", "[ $# = 0 ] && printf '\n  1 passing (3ms)\n  1 failing\n\n  1) adds:\n     Error: no\n\n'; exit 1");
        var (repository, sandbox) = Commit();
        var report = await new RepositoryTests(sandbox).RunAsync(repository, new TestOptions(), _ => { }, CancellationToken.None);
        report.Failures.Single().Id.ShouldBe("adds", report.Reason);
        (await new RepositoryMends(sandbox).RerunAsync(repository, report.Failures, _ => { }, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_listing_is_no_promise()
    {
        folder.Write("repository/tests/__init__.py", "");
        folder.Write("repository/tests/test_a.py", "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n");
        var (repository, sandbox) = Commit("ln -s /nowhere tests/test_gone.py");
        TemporaryFolder.Shell(repository, "mkfifo tests/test_pipe.py");
        var report = await new RepositoryTests(sandbox).RunAsync(repository, new TestOptions(), _ => { }, CancellationToken.None);
        report.Counts.ShouldBe(new TestCounts(1, 1, 0, 0), report.Reason);
    }

    (string Repository, Sandbox Sandbox) Commit(string first = "true")
    {
        var repository = folder.Folder("repository");
        TemporaryFolder.Shell(repository, $"{first}; git init -q; git add -A; git -c user.name=x -c user.email=x@x commit -qm x");
        return (repository, new Sandbox(folder.Folder("data"), TimeProvider.System));
    }

    public void Dispose()
    {
        // A name that is no UTF-8 is beyond .NET.
        TemporaryFolder.Shell("/", $"rm -rf -- '{folder.Path}'; mkdir '{folder.Path}'");
        folder.Dispose();
    }
}
