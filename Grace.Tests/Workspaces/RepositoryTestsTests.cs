using Grace.Engine.Workspaces;

namespace Grace.Tests.Workspaces;

/// <summary>Real tools on small real repositories. What a machine lacks (go, cargo) is proven to be reported as missing.</summary>
public sealed class RepositoryTestsTests : IDisposable
{
    private const string NodePackage = """{ "name": "calc", "scripts": { "test": "node --test" } }""";
    private readonly TemporaryFolder folder = new();
    private readonly List<string> progress = [];

    [Fact]
    public async Task A_node_repository_that_passes_is_a_success_with_counts_and_tree()
    {
        Write("package.json", NodePackage);
        Write("a.test.js", "const t=require('node:test'); t('adds',()=>{}); t('integration: adds up',()=>{}); t('later',{skip:true},()=>{});");

        var report = await Run();

        report.Reason.ShouldBeNull();
        report.Success.ShouldBeTrue();
        report.Counts.ShouldBe(new TestCounts(3, 2, 0, 1));
        report.Commands.Single().ExitCode.ShouldBe(0);
        report.Tree.Length.ShouldBe(40);
        progress.ShouldContain("→ Unit tests: 1/1 passed, 1 skipped");
        progress.ShouldContain("→ Integration tests: 1/1 passed");
    }

    [Fact]
    public async Task A_failing_test_fails_the_run_and_is_named()
    {
        Write("package.json", NodePackage);
        Write("a.test.js", "const t=require('node:test'); t('adds',()=>{}); t('breaks',()=>{throw new Error('boom')});");

        var report = await Run();

        report.Success.ShouldBeFalse();
        report.Reason.ShouldBe("1 of 2 tests failed (`npm test`).");
        report.Failures.Single().ShouldSatisfyAllConditions(failure => failure.Id.ShouldBe("breaks"), failure => failure.Message.ShouldContain("boom"));
        progress.ShouldContain("→ Unit tests: 1/2 passed ⚠️");
    }

    // A stand-in for the compiler, which says what the real one says.
    private const string Compiler = """
        #!/usr/bin/env node
        const own = require('fs').existsSync('own.ts');
        if (own) console.log("own.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.");
        if (!process.argv.includes('--skipLibCheck')) console.log("node_modules/@types/thing/index.d.ts(94,21): error TS2304: Cannot find name 'NoInfer'.");
        process.exit(own || !process.argv.includes('--skipLibCheck') ? 2 : 0);
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_type_check_that_only_the_declarations_of_packages_fail_is_made_without_them_and_one_of_the_own_code_fails(bool own)
    {
        Write("package.json", """{ "name": "calc", "scripts": { "test": "tsc --noEmit && node --test" }, "devDependencies": { "typescript": "file:./compiler" } }""");
        Write("a.test.js", "const t=require('node:test'); t('adds',()=>{});");
        Write("compiler/package.json", """{ "name": "typescript", "version": "1.0.0", "bin": { "tsc": "tsc.js" } }""");
        Write("compiler/tsc.js", Compiler);
        // npm would make it so, and the tree is put back before the tests.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(folder.Path, "repo", "compiler", "tsc.js"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (own)
            Write("own.ts", "const n: number = 'one';");

        var report = await Run();

        report.Counts.ShouldBe(new TestCounts(1, 1, 0, 0));
        report.Success.ShouldBe(!own);
        if (own)
            report.Reason.ShouldNotBeNull().ShouldStartWith("A check failed: `tsc --noEmit` exited with 2 (error TS2322");
        else
            report.Notes.ShouldContain("`tsc --noEmit` failed (exit code 2) in the declarations of installed packages alone, which this TypeScript does not accept: `tsc --noEmit --skipLibCheck` ran in its place.");
    }

    [Theory]
    [InlineData("node --test", "ran no test")]
    [InlineData("true", "no counts that can be read")]
    [InlineData("echo all fine; exit 0", "no counts that can be read")]
    [InlineData("echo \\\"Error: no test specified\\\" && exit 1", "No tests were found")]
    [InlineData("printf '# tests 2\\n# pass 1\\n# fail 1\\n'", "exited with 0 although 1 of 2 tests failed")]
    [InlineData("printf '# tests 2\\n# pass 2\\n# fail 0\\n'; exit 3", "exited with 3 although no test is reported as failed")]
    [InlineData("printf '# tests 2\\n# pass 0\\n# skipped 2\\n'", "all 2 were skipped")]
    public async Task Without_proof_there_is_no_success(string script, string reason)
    {
        Write("package.json", $$"""{ "scripts": { "test": "{{script.Replace("\\n", "\\\\n")}}" } }""");

        var report = await Run();

        report.Success.ShouldBeFalse();
        report.Reason.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public async Task Tests_that_change_what_they_test_leave_stale_evidence()
    {
        Write("package.json", """{ "scripts": { "test": "echo changed > data.txt; echo new > left.txt; node --test" } }""");
        Write("a.test.js", "require('node:test')('adds',()=>{});");
        Write("data.txt", "before");

        var report = await Run();

        report.Success.ShouldBeFalse();
        report.Reason.ShouldNotBeNull().ShouldContain("(data.txt): the evidence is stale");
        report.TreeAfter.ShouldNotBeNull().ShouldNotBe(report.Tree);
        File.Exists(Path.Combine(folder.Path, "repo/left.txt")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_python_repository_with_unittest_is_counted()
    {
        Write("tests/test_calc.py", "import unittest\nclass Calc(unittest.TestCase):\n    def test_adds(self): self.assertEqual(2, 1 + 1)\n    def test_breaks(self): self.assertEqual(3, 1 + 1)\n");

        var report = await Run();

        report.Counts.ShouldBe(new TestCounts(2, 1, 1, 0));
        report.Failures.Single().Id.ShouldBe("test_calc.Calc.test_breaks");
        report.Commands.Single().Ecosystem.ShouldBe("unittest");
    }

    [Fact]
    public async Task A_repository_that_wants_pytest_is_run_with_it_or_told_that_it_is_missing()
    {
        Write("test_calc.py", "import pytest\ndef test_adds(): assert 1 + 1 == 2\n");

        var report = await Run();

        if (report.Success)
        {
            report.Counts.ShouldBe(new TestCounts(1, 1, 0, 0));
        }
        else
        {
            report.Commands.Single().OutputTail.ShouldContain("pytest");
        }
    }

    [Fact]
    public async Task Make_counts_only_when_what_it_calls_prints_counts()
    {
        Write("Makefile", "test:\n\tpython3 -m unittest -v calc\n");
        Write("calc.py", "import unittest\nclass Calc(unittest.TestCase):\n    def test_adds(self): pass\n");

        var report = await Run();

        report.Success.ShouldBeTrue(report.Reason);
        report.Commands.Single().Command.ShouldBe("make test");
        Write("Makefile", "test:\n\t@echo fine\n");
        (await Run()).Success.ShouldBeFalse();
    }

    [Fact]
    public async Task Several_ecosystems_are_added_up_and_any_failure_fails()
    {
        Write("package.json", NodePackage);
        Write("a.test.js", "require('node:test')('adds',()=>{});");
        Write("test_calc.py", "import unittest\nclass Calc(unittest.TestCase):\n    def test_breaks(self): self.fail('no')\n");

        var report = await Run();

        report.Success.ShouldBeFalse();
        report.Counts.ShouldBe(new TestCounts(2, 1, 1, 0));
    }

    [Fact]
    public async Task A_repository_in_folders_is_found_one_below()
    {
        Write("web/package.json", NodePackage);
        Write("web/a.test.js", "require('node:test')('adds',()=>{});");

        (await Run()).Counts.ShouldBe(new TestCounts(1, 1, 0, 0));
    }

    [Theory]
    [InlineData("go", "go.mod", "module example.org/calc\n", "Go (golang)")]
    [InlineData("cargo", "Cargo.toml", "[package]\nname = \"calc\"\nversion = \"0.1.0\"\nedition = \"2021\"\n", "Rust (cargo)")]
    public async Task A_compiled_repository_runs_where_its_tool_is_installed(string tool, string file, string text, string install)
    {
        Write(file, text);
        Write("calc_test.go", "package calc\nimport \"testing\"\nfunc TestAdds(t *testing.T) {}\n");
        Write("src/lib.rs", "#[test] fn adds() {}\n");

        var report = await Run();

        if (new Sandbox(folder.Folder("data"), TimeProvider.System).Has(tool))
        {
            report.Success.ShouldBeTrue(report.Reason);
            report.Counts.ShouldBe(new TestCounts(1, 1, 0, 0));
        }
        else
        {
            report.Reason.ShouldNotBeNull().ShouldContain($"{tool} is not installed");
            report.Reason.ShouldContain(install);
        }
    }

    [Fact]
    public async Task An_empty_repository_has_no_tests()
    {
        (await Run()).Reason.ShouldNotBeNull().ShouldStartWith("No tests were found.");
    }

    [Fact]
    public async Task A_test_that_never_ends_is_stopped_and_named()
    {
        Write("package.json", """{ "scripts": { "test": "sleep 600" } }""");

        var report = await Run(new TestOptions { TimeLimit = TimeSpan.FromSeconds(1) });

        report.Commands.Single().TimedOut.ShouldBeTrue();
        report.Reason.ShouldNotBeNull().ShouldContain("did not end within its time limit");
    }

    public void Dispose() => folder.Dispose();

    private void Write(string file, string text) => folder.Write("repo/" + file, text);

    private async Task<TestReport> Run(TestOptions? options = null)
    {
        var workspace = await GitWorkspace.CreateEmptyAsync(Path.Combine(folder.Path, "repo"), default);
        var tests = new RepositoryTests(new Sandbox(folder.Folder("data"), TimeProvider.System));
        return await tests.RunAsync(workspace.Path, options ?? new TestOptions(), progress.Add, default);
    }
}
