using System.Globalization;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>Line coverage, as coverlet writes it: one file for each test project, over the same sources.</summary>
internal static class CoberturaFile
{
    /// <summary>The lines that ran in any of the runs, in percent of all lines; null when no file tells.</summary>
    public static double? LinePercent(IEnumerable<string> files)
    {
        var lines = new Dictionary<(string File, string Line), bool>();
        foreach (var type in files.Select(XmlText.Root).OfType<System.Xml.Linq.XElement>().SelectMany(root => root.All("class")))
        {
            foreach (var line in type.Elements().Where(part => part.Name.LocalName == "lines").SelectMany(part => part.Elements()))
            {
                var key = (type.Text("filename"), line.Text("number"));
                var ran = long.TryParse(line.Text("hits"), NumberStyles.None, CultureInfo.InvariantCulture, out var hits) && hits > 0;
                lines[key] = ran || lines.GetValueOrDefault(key);
            }
        }

        return lines.Count == 0 ? null : Math.Round(100.0 * lines.Count(line => line.Value) / lines.Count, 1);
    }
}
