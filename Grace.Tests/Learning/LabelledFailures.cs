using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Grace.Tests.Learning;

/// <summary>A row of failures.jsonl, whose first line says where they come from.</summary>
public sealed record LabelledFailure(string Label, string Tool, string Message, bool HeldOut);

public static class LabelledFailures
{
    public static readonly IReadOnlyList<LabelledFailure> All = Read();

    static List<LabelledFailure> Read()
    {
        var indices = new Dictionary<string, int>();
        List<LabelledFailure> rows = [];
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Learning", "failures.jsonl")).Skip(1))
        {
            using var row = JsonDocument.Parse(line);
            var label = row.RootElement.GetProperty("label").GetString()!;
            var index = indices[label] = indices.GetValueOrDefault(label, -1) + 1;
            rows.Add(new(label, row.RootElement.GetProperty("tool").GetString()!, row.RootElement.GetProperty("message").GetString()!, IsHeldOut(label, index)));
        }
        return rows;
    }

    /// <summary>By a hash of label and index, so that nobody chooses: about half of each label is never tuned on.</summary>
    static bool IsHeldOut(string label, int index) => SHA256.HashData(Encoding.UTF8.GetBytes($"{label}#{index}"))[0] % 2 == 0;
}
