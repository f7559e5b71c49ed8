using Grace.Tests.Support;

namespace Grace.Tests.Learning;

/// <summary>A git repository whose tests need a generator to run first, which refuses to work without the right protocol.</summary>
sealed class GeneratedRepository : IDisposable
{
    readonly TestFolder folder = new();

    public string Path => folder.Path;

    public static async Task<GeneratedRepository> CreateAsync()
    {
        var repository = new GeneratedRepository();
        void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(repository.Path, name), text);
        Write("generate.py", """
            import sys
            protocol = sys.argv[2] if len(sys.argv) > 2 else "6"
            if protocol != "7":
                print(f"reading schema.json\ngenerate.py: error: protocol 7 needed, got {protocol}", file=sys.stderr)
                sys.exit(1)
            print("generated nothing new")
            """);
        Write("test_answer.py", "import unittest\n\n\nclass AnswerTest(unittest.TestCase):\n    def test_answer(self):\n        self.assertEqual(42, 6 * 7)\n\n\nif __name__ == \"__main__\":\n    unittest.main()\n");
        foreach (var words in new string[][] { ["init", "-q", "-b", "main"], ["add", "."], ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "-m", "Begin"] })
            await Git(repository.Path, words);
        return repository;
    }

    static async Task Git(string path, string[] words)
    {
        using var git = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", words) { WorkingDirectory = path })!;
        await git.WaitForExitAsync();
        git.ExitCode.ShouldBe(0, string.Join(' ', words));
    }

    public void Dispose() => folder.Dispose();
}
