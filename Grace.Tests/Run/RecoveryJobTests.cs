using System.Text.RegularExpressions;
using Grace.Tests.Workspaces;

namespace Grace.Tests.Run;

/// <summary>The specification's "Event Flow Example" on a real small repository: tests fail first, recovery mends it, deploy follows.</summary>
public sealed class RecoveryJobTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_formatting_failure_and_a_flaky_integration_test_are_recovered_and_the_mended_tree_is_deployed()
    {
        folder.Write("repo/package.json", """{ "type": "module", "scripts": { "test": "node --test", "lint": "node style.js", "lint:fix": "node style.js --fix" } }""");
        folder.Write("repo/grace-service.json", """{ "service": "calc", "start": ["node", "serve.js"], "environment": { "HOST": "{host}", "PORT": "{port}" } }""");
        folder.Write("repo/style.js", """
            import { readFileSync, writeFileSync } from "node:fs";
            const found = readFileSync("sum.js", "utf8"), tidy = found.replace(/ +$/gm, "").replace(/,(?! )/g, ", ");
            if (process.argv[2] === "--fix") writeFileSync("sum.js", tidy);
            else if (found !== tidy) throw new Error("sum.js is not formatted");
            """);
        folder.Write("repo/sum.js", "export const add = (a,b) => a + b;  \n");
        folder.Write("repo/serve.js", """
            import { createServer } from "node:http";
            import { add } from "./sum.js";
            const { HOST, PORT } = process.env;
            createServer((asked, answer) => answer.end(asked.url === "/health" ? "ok" : `${add(1, 2)}`)).listen(PORT, HOST);
            """);
        // Fails the first time and leaves a mark where git does not look.
        folder.Write("repo/sum.test.js", """
            import test from "node:test";
            import { equal, ok } from "node:assert";
            import { existsSync, mkdirSync, writeFileSync } from "node:fs";
            import { add } from "./sum.js";
            test("adds", () => equal(add(1, 2), 3));
            test("integration: answers", () => {
              const again = existsSync("node_modules/mark");
              mkdirSync("node_modules", { recursive: true });
              writeFileSync("node_modules/mark", "");
              ok(again, "the other side was not up yet");
            });
            """);

        var run = await GraceCommand.RunAsync(
            "run", "Deploy this", "--repository", Path.Combine(folder.Path, "repo"), "--phases", "research,test,deploy", "--context", "lint=required", "--data", folder.Folder("data"));

        run.Exit.ShouldBe(0, run.Output + run.Errors);
        string[] flow =
        [
            "  → Unit tests: 1/1 passed", "  → Integration tests: 0/1 passed ⚠️", "[AGENT-ORCHESTRATOR] Test phase failed: The lint check failed",
            "[AGENT-ORCHESTRATOR] Attempting recovery...", "[RECOVERY] Using playbook: phase_failure_recovery", "  → Analyzing failures",
            "  → Applying fixes: fix_formatting, fix_flaky_test", "  → Flaky: integration: answers", "  → Retrying tests",
            "[TEST] Starting test phase... (attempt 2)", "  → Integration tests: 1/1 passed", "[TEST] Test phase completed", "[RECOVERY] Recovery successful",
            "[DEPLOY] Checking test results: all passed ✓", "  → Health check: passed", "Pipeline completed successfully!",
        ];
        var at = 0;
        foreach (var line in flow)
        {
            var next = run.Output.IndexOf(line, at, StringComparison.Ordinal);
            next.ShouldBeGreaterThanOrEqualTo(at, $"'{line}' in its place in:\n{run.Output}");
            at = next + line.Length;
        }
        // The mended tree lies in Grace's own workspace; the repository it came from is as it was.
        File.ReadAllText(Path.Combine(folder.Path, "repo/sum.js")).ShouldBe("export const add = (a,b) => a + b;  \n");
        var workspace = Regex.Match(run.Output, "Result: (.+)").Groups[1].Value.Trim();
        File.ReadAllText(Path.Combine(workspace, "sum.js")).ShouldBe("export const add = (a, b) => a + b;\n");
    }

    public void Dispose() => folder.Dispose();
}
