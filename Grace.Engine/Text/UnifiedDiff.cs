using System.Text;
using DiffPlex;
using DiffPlex.Model;

namespace Grace.Engine.Text;

/// <summary>Two texts side by side as a unified diff with three lines of context: pure.</summary>
public sealed record UnifiedDiff(string Text, int Added, int Removed)
{
    const int Context = 3;

    public static UnifiedDiff Of(string left, string right)
    {
        var found = new Differ().CreateLineDiffs(left, right, ignoreWhitespace: false);
        var text = new StringBuilder();
        foreach (var hunk in Hunks(found.DiffBlocks))
            Write(text, found, hunk);
        return new(text.ToString(), found.DiffBlocks.Sum(b => b.InsertCountB), found.DiffBlocks.Sum(b => b.DeleteCountA));
    }

    /// <summary>With the names of both above, as <c>diff -u</c> writes it; empty when the texts are the same.</summary>
    public string Named(string left, string right) => Text.Length == 0 ? "" : $"--- {left}\n+++ {right}\n{Text}";

    /// <summary>Changes whose context touches belong together.</summary>
    static List<List<DiffBlock>> Hunks(IEnumerable<DiffBlock> blocks)
    {
        List<List<DiffBlock>> hunks = [];
        foreach (var block in blocks)
            if (hunks.Count > 0 && block.DeleteStartA - (hunks[^1][^1].DeleteStartA + hunks[^1][^1].DeleteCountA) <= 2 * Context)
                hunks[^1].Add(block);
            else
                hunks.Add([block]);
        return hunks;
    }

    static void Write(StringBuilder text, DiffResult found, List<DiffBlock> hunk)
    {
        var (first, last) = (hunk[0], hunk[^1]);
        var before = Math.Min(Context, first.DeleteStartA);
        var after = Math.Min(Context, found.PiecesOld.Count - (last.DeleteStartA + last.DeleteCountA));
        var (startA, startB) = (first.DeleteStartA - before, first.InsertStartB - before);
        var (countA, countB) = (last.DeleteStartA + last.DeleteCountA + after - startA, last.InsertStartB + last.InsertCountB + after - startB);
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"@@ -{Start(startA, countA)},{countA} +{Start(startB, countB)},{countB} @@\n");
        var at = startA;
        foreach (var block in hunk)
        {
            for (; at < block.DeleteStartA; at++)
                text.Append(' ').Append(found.PiecesOld[at]).Append('\n');
            for (; at < block.DeleteStartA + block.DeleteCountA; at++)
                text.Append('-').Append(found.PiecesOld[at]).Append('\n');
            for (var i = 0; i < block.InsertCountB; i++)
                text.Append('+').Append(found.PiecesNew[block.InsertStartB + i]).Append('\n');
        }
        for (var end = at + after; at < end; at++)
            text.Append(' ').Append(found.PiecesOld[at]).Append('\n');
    }

    static int Start(int zeroBased, int count) => count == 0 ? zeroBased : zeroBased + 1;
}
