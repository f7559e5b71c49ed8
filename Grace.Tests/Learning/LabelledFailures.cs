using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Grace.Tests.Learning;

/// <summary>A row of failures.jsonl or failures-later.jsonl; the first line of each says where they come from.</summary>
public sealed record LabelledFailure(string Label, string Tool, string Message, bool HeldOut);

public static class LabelledFailures
{
    public static readonly IReadOnlyList<LabelledFailure> All = Read("failures.jsonl");

    public static readonly IReadOnlyList<LabelledFailure> Later = Read("failures-later.jsonl");

    static List<LabelledFailure> Read(string file)
    {
        var indices = new Dictionary<string, int>();
        List<LabelledFailure> rows = [];
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Learning", file)).Skip(1))
        {
            using var row = JsonDocument.Parse(line);
            var label = row.RootElement.GetProperty("label").GetString()!;
            var index = indices[label] = indices.GetValueOrDefault(label, -1) + 1;
            rows.Add(new(label, row.RootElement.GetProperty("tool").GetString()!, row.RootElement.GetProperty("message").GetString()!, IsHeldOut(label, index)));
        }
        return rows;
    }

    /// <summary>By a hash of label and index, so that nobody chooses. What went wrong in the held-out half was looked at once; Later was not looked at before the rules stood.</summary>
    static bool IsHeldOut(string label, int index) => SHA256.HashData(Encoding.UTF8.GetBytes($"{label}#{index}"))[0] % 2 == 0;
}
