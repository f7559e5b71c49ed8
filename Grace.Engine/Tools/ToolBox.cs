namespace Grace.Engine.Tools;

/// <summary>All tools by name.</summary>
public sealed class ToolBox(IEnumerable<ITool> tools)
{
    readonly Dictionary<string, ITool> tools = tools.ToDictionary(t => t.Name);

    public IEnumerable<string> Names => tools.Keys.Order(StringComparer.Ordinal);

    public ITool? Find(string name) => tools.GetValueOrDefault(name);
}
