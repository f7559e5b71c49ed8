using System.Diagnostics;

namespace Grace.Engine.Workspaces;

/// <summary>Removes folders whatever is in them: a name that is no UTF-8 exists for rm, and not for .NET.</summary>
internal static class FolderRemoval
{
    public static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (IOException) when (Directory.Exists(path))
        {
            using var rm = Process.Start("rm", ["-rf", "--", path]);
            rm.WaitForExit();
            if (Directory.Exists(path))
            {
                throw;
            }
        }
    }
}
