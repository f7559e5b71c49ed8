using System.Text.Json.Nodes;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>The versions that pnpm-workspace.yaml keeps for all members: <c>catalog:</c> and <c>catalogs:</c>.</summary>
internal static class PnpmCatalog
{
    /// <param name="catalog">Empty or "default" for the one without a name.</param>
    public static string? Version(IReadOnlyDictionary<string, JsonNode?> workspaces, string folder, string catalog, string package)
    {
        var nearest = workspaces.Where(w => w.Key == "." || folder == w.Key || folder.StartsWith(w.Key + "/", StringComparison.Ordinal)).OrderByDescending(w => w.Key.Length).FirstOrDefault().Value as JsonObject;
        var versions = catalog is "" or "default" ? nearest?["catalog"] ?? (nearest?["catalogs"] as JsonObject)?["default"] : (nearest?["catalogs"] as JsonObject)?[catalog];
        return NodePackage.Text((versions as JsonObject)?[package]);
    }
}
