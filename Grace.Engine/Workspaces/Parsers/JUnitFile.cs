namespace Grace.Engine.Workspaces.Parsers;

/// <summary>The results file that pytest and many others write.</summary>
internal static class JUnitFile
{
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
                first.Text("classname") is { Length: > 0 } suite ? $"{suite}.{first.Text("name")}" : first.Text("name"),
                first.Text("file") is { Length: > 0 } file ? file : first.Text("classname"),
                broken.Count > 0 ? TestOutcome.Failed : skipped is not null ? TestOutcome.Skipped : TestOutcome.Passed,
                broken.FirstOrDefault()?.Text("message") ?? skipped?.Text("message"));
            // The same name several times without a failure: parametrised tests of tools that do not number them.
            return Enumerable.Repeat(one, broken.Count > 0 ? 1 : same.Count());
        });
        return TestTally.Of([.. cases]);
    }
}
