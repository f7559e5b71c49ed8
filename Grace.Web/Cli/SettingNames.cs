using System.Collections;

namespace Grace.Web.Cli;

/// <summary>Finds keys of the configuration that nothing reads: most are misspelt, and would seem to be in force.</summary>
static class SettingNames
{
    /// <summary>A line for each key that the options do not have; its value, which may be a secret, is not repeated.</summary>
    public static IEnumerable<string> Unknown(IConfigurationSection section, Type options)
    {
        var known = options.GetProperties().Where(p => p.CanWrite).ToDictionary(p => p.Name, p => p.PropertyType, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
            if (!known.TryGetValue(child.Key, out var type))
                yield return $"{child.Path} is no setting; in {section.Path} there are {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}.";
            else
                foreach (var line in Below(child, type))
                    yield return line;
    }

    /// <summary>The items, each under its own key, of lists that are given as one text with commas between.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Lists(IConfigurationSection section, Type options) =>
        options.GetProperties().Where(p => p.CanWrite).SelectMany(p => (Child: section.GetSection(p.Name), p.PropertyType) switch
        {
            ({ Value: { Length: > 0 } text } child, var type) when type == typeof(string[]) =>
                text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select((item, i) => KeyValuePair.Create($"{child.Path}:{i}", (string?)item)),
            (var child, var type) when IsOptions(type) => Lists(child, type),
            _ => [],
        });

    static IEnumerable<string> Below(IConfigurationSection section, Type type) =>
        typeof(IDictionary).IsAssignableFrom(type) ? IsOptions(type.GetGenericArguments()[1]) ? section.GetChildren().SelectMany(entry => Unknown(entry, type.GetGenericArguments()[1])) : []
        : IsOptions(type) ? Unknown(section, type)
        : [];

    static bool IsOptions(Type type) => type is { IsClass: true, IsArray: false } && type.Namespace?.StartsWith("Grace.", StringComparison.Ordinal) == true;
}
