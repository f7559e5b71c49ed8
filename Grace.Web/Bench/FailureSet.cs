using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Grace.Web.Bench;

/// <summary>A failure as a tool printed it.</summary>
/// <param name="Label">Its cause: what needs another fix has another label.</param>
/// <param name="Group">Causes that look alike share one; null for a cause that resembles no other.</param>
sealed record CapturedFailure(string Label, string Tool, string? Group, string Message)
{
    /// <summary>By a hash of the cause, so that nobody chooses: two thirds to tune the rules on, one that is not looked at.</summary>
    public bool IsUnseen => SHA256.HashData(Encoding.UTF8.GetBytes(Label))[0] % 3 == 2;
}

/// <summary>The captured failures that ship for the bench and the tests; the first line of failures.jsonl says how they came about.</summary>
static class FailureSet
{
    const string Shipped = "Bench/failures.jsonl";

    static readonly Lazy<IReadOnlyList<CapturedFailure>> Rows = new(Read);

    public static IReadOnlyList<CapturedFailure> All => Rows.Value;

    static List<CapturedFailure> Read()
    {
        using var stream = typeof(FailureSet).Assembly.GetManifestResourceStream(Shipped) ?? throw new InvalidOperationException($"Nothing ships as '{Shipped}'.");
        using var reader = new StreamReader(stream);
        List<CapturedFailure> rows = [];
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            string? Text(string name) => row.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
            rows.Add(new(Text("label")!, Text("tool")!, Text("group"), Text("message")!));
        }
        return rows;
    }
}
