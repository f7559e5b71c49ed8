using System.Globalization;
using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>What the readers of console output share.</summary>
internal static partial class PlainText
{
    /// <summary>The lines without colours and carriage returns.</summary>
    public static string[] Lines(string output) => Colours().Replace(output, "").Split('\n').Select(line => line.TrimEnd('\r', ' ')).ToArray();

    public static int Number(Group group) => group.Success && int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The number before a word, as in "3 failed, 1 passed"; 0 when the word is not there.</summary>
    public static int Before(string word, string line) => Number(Regex.Match(line, $@"(\d+) {word}\b").Groups[1]);

    [GeneratedRegex(@"\x1B\[[0-9;]*[A-Za-z]")]
    private static partial Regex Colours();
}
