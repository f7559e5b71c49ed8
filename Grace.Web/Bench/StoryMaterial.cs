using Grace.Engine.Hosting;

namespace Grace.Web.Bench;

/// <summary>What the learning story plays with: a repository whose generator wants a protocol, a team's playbook that does not know, and a note that does.</summary>
public static class StoryMaterial
{
    public const string PlaybookId = "run_generated_tests";

    public const string Playbook = """
        id: run_generated_tests
        version: 1
        phase: test
        suits: ${context.generated}
        description: Generates code, then runs the tests.
        inputs:
          type: object
          properties:
            repository: { type: string }
        steps:
          - id: open
            tool: open_repository
            with: { repository: "${inputs.repository}" }
          - id: generate
            tool: run_command
            with: { argv: ["python3", "generate.py"] }
          - id: tests
            tool: run_tests
            with: { lint: "off" }
        artifacts:
          - type: test_results
            content: ${steps.tests.output}
        expect:
          - that: ${steps.tests.output.success}
            otherwise: ${steps.tests.output.reason}
        """;

    /// <summary>A change that somebody thinks is better, and is not.</summary>
    public static string BadPlaybook => Playbook.Replace("\"generate.py\"", "\"generate.py\", \"--protocol\", \"8\"", StringComparison.Ordinal);

    const string Note = """
        # Protocols

        ## The generator

        The generator of our repositories speaks protocol 7 since spring, and has to be told so.

        ```remedy
        failure: protocol 7 needed
        step: generate
        with: { argv: ["python3", "generate.py", "--protocol", "7"] }
        because: The generator speaks protocol 7 since spring.
        ```
        """;

    const string Generator = """
        import sys

        protocol = sys.argv[2] if len(sys.argv) > 2 else "6"
        if protocol != "7":
            print(f"reading schema.json\ngenerate.py: error: protocol 7 needed, got {protocol}", file=sys.stderr)
            sys.exit(1)
        print("generated nothing new")

        """;

    const string Tests = """
        import unittest


        class AnswerTest(unittest.TestCase):
            def test_answer(self):
                self.assertEqual(42, 6 * 7)

        """;

    /// <summary>The team's playbook and note, before the engine starts.</summary>
    public static void WriteTeamFiles(DataFolder data)
    {
        File.WriteAllText(Path.Combine(data.Playbooks, $"{PlaybookId}.yaml"), Playbook);
        File.WriteAllText(Path.Combine(data.Knowledge, "protocols.md"), Note);
    }

    public static async Task WriteRepositoryAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "generate.py"), Generator);
        await File.WriteAllTextAsync(Path.Combine(folder, "test_answer.py"), Tests);
        foreach (var words in new string[][] { ["init", "-q", "-b", "main"], ["add", "."], ["-c", "user.name=Team", "-c", "user.email=team@localhost", "commit", "-q", "-m", "Begin"] })
        {
            using var git = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", words) { WorkingDirectory = folder })!;
            await git.WaitForExitAsync();
            if (git.ExitCode != 0)
                throw new InvalidOperationException($"git {words[0]} exited with {git.ExitCode} in {folder}.");
        }
    }
}
