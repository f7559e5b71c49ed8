using System.Collections.Concurrent;
using System.Text.Json;

namespace Grace.Engine.Log;

/// <summary>One line of what a phase is doing right now, such as "→ Unit tests: 25/25 passed". Never recorded.</summary>
/// <param name="Recovery">Which recovery of the phase it belongs to; 0 for the phase itself.</param>
public sealed record ProgressLine(string PipelineId, string Phase, int Attempt, string Line, DateTimeOffset At, int Recovery = 0);

/// <summary>Progress of running phases, live only: in this process at once, on other nodes through <see cref="LogRelay"/>.</summary>
public sealed class ProgressFeed
{
    const int LongestLine = 2000;
    const int MostWaiting = 500;
    readonly ConcurrentQueue<string> spoken = new();

    public event Action<ProgressLine>? Heard;

    /// <summary>A line waits to be carried to the other nodes.</summary>
    public event Action<string>? SpokenHere;

    public void Speak(ProgressLine line)
    {
        if (line.Line.Length > LongestLine)
            line = line with { Line = line.Line[..LongestLine] + "…" };
        Heard?.Invoke(line);
        if (SpokenHere is not { } carry || spoken.Count >= MostWaiting)
            return;
        spoken.Enqueue(JsonSerializer.Serialize(line, Wire.Json));
        carry("");
    }

    public void Hear(string json)
    {
        if (JsonSerializer.Deserialize<ProgressLine>(json, Wire.Json) is { } line)
            Heard?.Invoke(line);
    }

    public IEnumerable<string> TakeSpoken()
    {
        while (spoken.TryDequeue(out var line))
            yield return line;
    }
}
