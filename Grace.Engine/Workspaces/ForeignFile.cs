namespace Grace.Engine.Workspaces;

/// <summary>
/// Files that nobody here wrote. A listing is no promise: what is gone by now, leads nowhere, is a pipe or a device, is too
/// long or may not be read has no text.
/// </summary>
internal static class ForeignFile
{
    private const long Longest = 4_000_000;

    public static string Text(string path) => Text(path, Longest);

    /// <param name="longest">In bytes.</param>
    public static string Text(string path, long longest)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null)
            {
                file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
            }

            // Length 0 is also what pipes and devices say, which would block or never end.
            return file is { Exists: true, Length: > 0 } && file.Length <= longest ? File.ReadAllText(file.FullName) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
