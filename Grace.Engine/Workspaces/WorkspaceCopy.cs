using System.Diagnostics;

namespace Grace.Engine.Workspaces;

/// <summary>
/// Copies a folder as it is: files, folders and links. By tar, because names are bytes, which .NET's texts do not hold; pipes,
/// sockets and devices, which would block or never end, stay where they are.
/// </summary>
internal static class WorkspaceCopy
{
    // $1 from, $2 to, $3 a folder inside from that is left out (the data folder), relative; or a name that is not there.
    private const string Script = """
        cd "$1" && find . -path "./$3" -prune -o -name .git -prune -o \( -type f -o -type l -o -type d \) -print0 \
          | tar -c --null --no-recursion -T - -f - | tar -x -f - -C "$2" \
          && find . -path "./$3" -prune -o -name .git -prune -o \( -type p -o -type s -o -type b -o -type c \) -print
        """;

    /// <returns>What was left where it is.</returns>
    /// <exception cref="IOException">It could not be copied whole.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(string from, string to, CancellationToken cancel)
    {
        Directory.CreateDirectory(to);
        // A workspace inside the source would otherwise be copied into itself.
        var inside = Path.GetRelativePath(from, to);
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in new[] { "-c", Script, "copy", from, to, inside.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(inside) ? ".git" : inside.Split('/')[0] })
        {
            start.ArgumentList.Add(word);
        }

        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        try
        {
            var left = process.StandardOutput.ReadToEndAsync(cancel);
            var said = await process.StandardError.ReadToEndAsync(cancel).ConfigureAwait(false);
            await process.WaitForExitAsync(cancel).ConfigureAwait(false);
            if (process.ExitCode != 0 || said.Length > 0)
            {
                throw new IOException(said.Length > 0 ? said.Trim().Split('\n')[0] : $"tar ended with {process.ExitCode}.");
            }

            return (await left.ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
