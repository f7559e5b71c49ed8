using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>Reads XML that a foreign program wrote: no document types, so nothing expands and nothing is fetched.</summary>
internal static class XmlText
{
    /// <summary>Null when it is not well-formed, e.g. because the writer died half-way.</summary>
    public static XElement? Root(string xml)
    {
        try
        {
            // Test names may hold characters that XML does not know; the writers escape them all the same.
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, CheckCharacters = false };
            using var reader = XmlReader.Create(new StringReader(xml.TrimStart('\uFEFF')), settings);
            return XDocument.Load(reader).Root;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    public static IEnumerable<XElement> All(this XElement element, string name) => element.Descendants().Where(one => one.Name.LocalName == name);

    /// <summary>Null for what is no number, or none that a duration can be.</summary>
    public static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number >= 0 ? number : null;

    public static string Text(this XElement element, string attribute) => (string?)element.Attribute(attribute) ?? "";
}
