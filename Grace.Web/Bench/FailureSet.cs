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

    /// <summary>The same for the wide set: the half that the rules learnt from, and the one that was kept back until it was measured once.</summary>
    public bool IsKeptBack => (SHA256.HashData(Encoding.UTF8.GetBytes(Label))[1] & 1) == 1;
}

/// <summary>The captured failures that ship for the bench and the tests; the first line of each file says how they came about.</summary>
static class FailureSet
{
    static readonly Lazy<IReadOnlyList<CapturedFailure>> First = new(() => Read("failures")), Second = new(() => Read("failures-wide")), Third = new(() => Read("failures-fresh"));

    public static IReadOnlyList<CapturedFailure> All => First.Value;

    /// <summary>More tools and situations, inside what commands are run in; half of its causes were kept back until one look.</summary>
    public static IReadOnlyList<CapturedFailure> Wide => Second.Value;

    /// <summary>Captured when the rules had learnt from the first half of the wide set, and measured before they learnt from it too.</summary>
    public static IReadOnlyList<CapturedFailure> Fresh => Third.Value;

    static List<CapturedFailure> Read(string name)
    {
        var shipped = $"Bench/{name}.jsonl";
        using var stream = typeof(FailureSet).Assembly.GetManifestResourceStream(shipped) ?? throw new InvalidOperationException($"Nothing ships as '{shipped}'.");
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
