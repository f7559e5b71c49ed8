using System.Text;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Grace.Engine;

/// <summary>What changed between two texts, as <c>diff -u</c> writes it: three lines around every change.</summary>
public static class UnifiedDiff
{
    const int Around = 3;

    /// <returns>Empty when the texts are the same.</returns>
    public static string Of(string before, string after, string beforeName, string afterName)
    {
        var lines = new InlineDiffBuilder(new DiffPlex.Differ()).BuildDiffModel(before, after).Lines;
        var near = lines.Index().Where(l => l.Item.Type != ChangeType.Unchanged).SelectMany(l => Enumerable.Range(l.Index - Around, (2 * Around) + 1)).ToHashSet();
        if (near.Count == 0)
            return "";
        var text = new StringBuilder($"--- {beforeName}\n+++ {afterName}\n");
        var (left, right) = (1, 1);
        for (var at = 0; at < lines.Count;)
        {
            var hunk = lines.Skip(at).TakeWhile((_, n) => near.Contains(at + n)).ToList();
            if (hunk.Count > 0)
                text.Append($"@@ -{left},{hunk.Count(l => l.Type != ChangeType.Inserted)} +{right},{hunk.Count(l => l.Type != ChangeType.Deleted)} @@\n");
            foreach (var line in hunk.Count > 0 ? hunk : lines.GetRange(at, 1))
            {
                if (hunk.Count > 0)
                    text.Append(line.Type switch { ChangeType.Inserted => '+', ChangeType.Deleted => '-', _ => ' ' }).Append(line.Text).Append('\n');
                (left, right) = (left + (line.Type == ChangeType.Inserted ? 0 : 1), right + (line.Type == ChangeType.Deleted ? 0 : 1));
                at++;
            }
        }
        return text.ToString();
    }
}
