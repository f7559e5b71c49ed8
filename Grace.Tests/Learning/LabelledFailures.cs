using System.Text.Json;

namespace Grace.Tests.Learning;

/// <summary>A row of failures.jsonl or failures-later.jsonl; the first line of each says where they come from.</summary>
public sealed record LabelledFailure(string Label, string Tool, string Message);

public static class LabelledFailures
{
    public static readonly IReadOnlyList<LabelledFailure> All = Read("failures.jsonl");

    public static readonly IReadOnlyList<LabelledFailure> Later = Read("failures-later.jsonl");

    static List<LabelledFailure> Read(string file)
    {
        List<LabelledFailure> rows = [];
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Learning", file)).Skip(1))
        {
            using var row = JsonDocument.Parse(line);
            string Text(string name) => row.RootElement.GetProperty(name).GetString()!;
            rows.Add(new(Text("label"), Text("tool"), Text("message")));
        }
        return rows;
    }
}
