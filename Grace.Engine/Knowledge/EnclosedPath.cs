namespace Grace.Engine.Knowledge;

/// <summary>Paths that stay inside a folder, whatever they are made of.</summary>
internal static class EnclosedPath
{
    /// <summary>
    /// The full path of <paramref name="path"/> (relative to the root, or absolute and inside it), or null with the reason. No part
    /// below the root may be a symbolic link: a link inside a cloned repository is its author's choice, not the reader's.
    /// </summary>
    public static string? Resolve(string root, string path, out string? refused)
    {
        refused = null;
        if (path.Length == 0 || path.Contains('\0')) return Refuse("The path is empty or not a path.", out refused);
        var home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, home));
        if (full == home) return full;
        var inside = home.EndsWith(Path.DirectorySeparatorChar) ? home : home + Path.DirectorySeparatorChar;
        if (!full.StartsWith(inside, StringComparison.Ordinal)) return Refuse("The path leads outside.", out refused);

        var reached = home;
        foreach (var part in full[inside.Length..].Split(Path.DirectorySeparatorChar))
        {
            reached = Path.Combine(reached, part);
            if (new FileInfo(reached).LinkTarget is not null) return Refuse("The path goes through a symbolic link.", out refused);
        }
        return full;
    }

    private static string? Refuse(string reason, out string? refused)
    {
        refused = reason;
        return null;
    }
}
