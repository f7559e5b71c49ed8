namespace Grace.Engine.Tools;

/// <summary>Section <c>Grace:Tools</c>.</summary>
public sealed class ToolOptions
{
    /// <summary>Hosts that http_request may call, as HOST or HOST:PORT; nothing else can be reached.</summary>
    public string[] HttpHosts { get; set; } = [];

    /// <summary>Folders in which what agents run is looked for before PATH, e.g. the bin of a virtual environment; absolute.</summary>
    public string[] Path { get; set; } = [];

    public IEnumerable<string> Check()
    {
        foreach (var folder in Path.Where(f => !System.IO.Path.IsPathRooted(f) || f.Contains(':', StringComparison.Ordinal) || !Directory.Exists(f)))
            yield return $"Grace:Tools:Path names '{folder}', which is not a folder; allowed are absolute folders without a colon.";
    }
}
