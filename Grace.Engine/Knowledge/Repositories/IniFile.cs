namespace Grace.Engine.Knowledge.Repositories;

/// <summary>As much of Python's ini notation as setup.cfg needs: sections, keys, values that go on in indented lines.</summary>
internal sealed record IniFile(IReadOnlyList<(string Section, string Key, string Value)> Entries)
{
    public static IniFile Read(string text)
    {
        var entries = new List<(string Section, string Key, string Value)>();
        var section = "";
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';') continue;
            if (char.IsWhiteSpace(raw[0]) && entries.Count > 0 && entries[^1].Section == section)
                entries[^1] = entries[^1] with { Value = entries[^1].Value + "\n" + line };
            else if (line[0] == '[' && line.IndexOf(']') is > 0 and var end)
                section = line[1..end].Trim();
            else if (line.IndexOfAny(['=', ':']) is > 0 and var at)
                entries.Add((section, line[..at].Trim().ToLowerInvariant().Replace('-', '_'), line[(at + 1)..].Trim()));
        }
        return new(entries);
    }

    public string? Value(string section, string key) => Entries.FirstOrDefault(e => e.Section == section && e.Key == key).Value is { Length: > 0 } value ? value : null;
}
