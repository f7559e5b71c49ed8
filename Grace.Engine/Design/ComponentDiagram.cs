using System.Text;

namespace Grace.Engine.Design;

/// <summary>The service's parts and who calls whom, as a Mermaid flowchart.</summary>
internal static class ComponentDiagram
{
    public static string Write(string service, IReadOnlyList<ResourceDesign> resources)
    {
        var chart = new StringBuilder("flowchart LR\n    client([Client])\n");
        chart.Append($"    subgraph service [\"{service}\"]\n");
        chart.Append("        health[\"/health, /openapi.json\"]\n        checks[\"Body and field checks\"]\n");
        for (var n = 0; n < resources.Count; n++)
        {
            chart.Append($"        routes{n}[\"/{resources[n].PluralRoute}\"]\n");
            chart.Append($"        store{n}[\"{resources[n].Name} store\"]\n");
        }
        chart.Append("    end\n    data[(Data folder)]\n    client --> health --> data\n");
        for (var n = 0; n < resources.Count; n++)
        {
            chart.Append($"    client -- HTTP, JSON --> routes{n}\n    routes{n} --> checks\n    routes{n} --> store{n} --> data\n");
        }
        return chart.ToString();
    }
}
