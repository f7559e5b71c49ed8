using System.Diagnostics;
using FsCheck;
using FsCheck.Xunit;
using Grace.Engine.Text;
using Grace.Tests.Support;

namespace Grace.Tests.Playbooks;

public class UnifiedDiffTests
{
    [Fact]
    public void A_change_stands_with_three_lines_around_it() =>
        UnifiedDiff.Of("a\nb\nc\nd\ne\nf\ng\nh", "a\nb\nc\nd\nE\nf\ng\nh").Named("one", "two")
            .ShouldBe("--- one\n+++ two\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n");

    [Fact]
    public void The_same_gives_nothing() => UnifiedDiff.Of("a\nb", "a\nb").Named("one", "two").ShouldBe("");

    /// <summary>The law of a diff: applied to the one text it gives the other.</summary>
    [Property(MaxTest = 15)]
    public void Git_applies_it(NonEmptyArray<byte> one, NonEmptyArray<byte> other)
    {
        static string Text(NonEmptyArray<byte> bytes) => string.Concat(bytes.Get.Select(b => $"line {b % 7}\n"));
        var (before, after) = (Text(one), Text(other));
        if (before == after)
            return;
        using var folder = new TestFolder();
        File.WriteAllText(Path.Combine(folder.Path, "t"), before);
        File.WriteAllText(Path.Combine(folder.Path, "p"), UnifiedDiff.Of(before.TrimEnd('\n'), after.TrimEnd('\n')).Named("a/t", "b/t"));
        using var git = Process.Start(new ProcessStartInfo("git", ["apply", "--unidiff-zero", "p"]) { WorkingDirectory = folder.Path, RedirectStandardError = true })!;
        git.WaitForExit();
        git.ExitCode.ShouldBe(0, git.StandardError.ReadToEnd());
        File.ReadAllText(Path.Combine(folder.Path, "t")).ShouldBe(after);
    }
}
