using System.Xml.Linq;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>The results file that pytest and many others write.</summary>
internal static class JUnitFile
{
    /// <summary>All files of a folder, for runners that write one for each suite; null where there is none, or one cannot be read: the sum would be too small.</summary>
    public static TestTally? ReadFolder(string folder, string pattern = "*.xml") => !Directory.Exists(folder) ? null
        : Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Select(file => Read(ForeignFile.Text(file, Site.LongestResults)))
            .Aggregate((TestTally?)TestTally.Empty, (sum, one) => sum is null || one is null ? null : sum + one) is { Total: > 0 } tally ? tally : null;

    public static TestTally? Read(string xml)
    {
        if (XmlText.Root(xml) is not { } root || root.Name.LocalName is not ("testsuites" or "testsuite"))
        {
            return null;
        }

        // pytest writes a test twice when it fails and its teardown breaks too.
        var cases = root.All("testcase").GroupBy(one => (one.Text("classname"), one.Text("name"), one.Text("file"))).SelectMany(same =>
        {
            var broken = same.SelectMany(one => one.Elements()).Where(part => part.Name.LocalName is "failure" or "error").ToList();
            var skipped = same.SelectMany(one => one.Elements()).FirstOrDefault(part => part.Name.LocalName == "skipped");
            var first = same.First();
            var one = new TestCase(
                first.Text("classname") is { Length: > 0 } suite && suite != first.Text("name") && !IsDoc(suite, first.Text("name")) ? $"{suite}.{first.Text("name")}" : first.Text("name"),
                first.Text("file") is { Length: > 0 } file ? file : first.Text("classname"),
                broken.Count > 0 ? TestOutcome.Failed : skipped is not null ? TestOutcome.Skipped : TestOutcome.Passed,
                broken.Count > 0 ? Message(broken[0]) : skipped?.Text("message"))
            {
                // pytest's word for a file that it could not import, and for an example in the documentation.
                Broken = broken.Any(part => part.Text("message") == "collection failure"),
                Seconds = XmlText.Number(first.Text("time")),
                Doc = IsDoc(first.Text("classname"), first.Text("name")),
            };
            // The same name several times without a failure: parametrised tests of tools that do not number them.
            return Enumerable.Repeat(one, broken.Count > 0 ? 1 : same.Count());
        });
        return TestTally.Of([.. cases]);
    }

    /// <summary>The words of the failure itself: an attribute may only say what kind it is.</summary>
    private static string Message(XElement broken)
    {
        var told = broken.Text("message");
        var errors = broken.Value.Split('\n').Where(line => line.StartsWith("E  ", StringComparison.Ordinal)).Select(line => line[1..].Trim()).ToList();
        return told is "collection failure" or "" && (errors.Count > 0 ? string.Join('\n', errors.TakeLast(4)) : broken.Value.Trim()) is { Length: > 0 } said ? said : told;
    }

    /// <summary>
    /// pytest names an example after what it documents, module and all, where a test has a name without dots; or after a text file. The
    /// module goes by the place of its file, and the example by what it is imported as: src.a.b and a.b.C.
    /// </summary>
    private static bool IsDoc(string module, string name)
    {
        if (module.Length == 0 || name.IndexOfAny(['[', ' ']) >= 0)
        {
            return false;
        }

        var package = module.EndsWith(".__init__", StringComparison.Ordinal);
        var parts = (package ? module[..^".__init__".Length] : module).Split('.');
        var places = Enumerable.Range(0, parts.Length).Select(from => string.Join('.', parts[from..]));
        return Path.GetExtension(name) is ".rst" or ".md" or ".txt" ? places.Contains(name)
            : places.Any(place => (name.Contains('.', StringComparison.Ordinal) && (name == place || name.StartsWith(place + ".", StringComparison.Ordinal))) || (package && name == place));
    }
}
