namespace Grace.Web.Cli;

/// <summary>A call that cannot be understood: exit code 2, with one line that says why.</summary>
sealed class BadCall(string message) : Exception(message);

/// <summary>The words of a command line, taken one after another; what is left over is a bad call.</summary>
sealed class Arguments(IEnumerable<string> words)
{
    readonly List<string> words = [.. words];

    /// <summary>The next word that is no option.</summary>
    public string? Word()
    {
        var at = words.FindIndex(w => !w.StartsWith("--", StringComparison.Ordinal));
        return at < 0 ? null : Take(at);
    }

    public bool Flag(string name) => words.Remove(name);

    public string? Value(string name) => Values(name).LastOrDefault();

    /// <summary>Every <c>name VALUE</c> or <c>name=VALUE</c>.</summary>
    public List<string> Values(string name)
    {
        List<string> found = [];
        for (var at = 0; at < words.Count;)
            if (words[at] == name)
            {
                Take(at);
                if (at >= words.Count || words[at].StartsWith("--", StringComparison.Ordinal))
                    throw new BadCall($"{name} needs a value.");
                found.Add(Take(at));
            }
            else if (words[at].StartsWith(name + "=", StringComparison.Ordinal))
                found.Add(Take(at)[(name.Length + 1)..]);
            else
                at++;
        return found;
    }

    /// <summary>Settings given as <c>--Grace:Key=value</c>.</summary>
    public Dictionary<string, string?> Settings()
    {
        var given = words.Where(w => w.StartsWith("--Grace:", StringComparison.OrdinalIgnoreCase)).ToList();
        words.RemoveAll(given.Contains);
        return given.Select(w => w[2..].Split('=', 2)).ToDictionary(
            pair => pair[0], string? (pair) => pair is [_, var value] ? value : throw new BadCall($"--{pair[0]} needs a value: --{pair[0]}=VALUE."));
    }

    public void End(string usage)
    {
        if (words.Count > 0)
            throw new BadCall($"'{words[0]}' is not understood. {usage}");
    }

    string Take(int at)
    {
        var word = words[at];
        words.RemoveAt(at);
        return word;
    }
}
