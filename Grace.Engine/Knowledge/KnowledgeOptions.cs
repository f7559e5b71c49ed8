namespace Grace.Engine.Knowledge;

/// <summary>Section <c>Grace:Knowledge</c>.</summary>
public sealed class KnowledgeOptions
{
    /// <summary>Folders of Markdown to search; <c>knowledge/</c> in the data folder always counts.</summary>
    public string[] Folders { get; set; } = [];

    public IEnumerable<string> Check()
    {
        foreach (var folder in Folders.Where(f => !Directory.Exists(f)))
            yield return $"Grace:Knowledge:Folders names '{folder}', which is not a folder.";
    }
}
