using System.Text;

namespace Grace.Engine.Hosting;

/// <summary>Files that only the user who runs Grace may read.</summary>
public static class SecretFile
{
    /// <summary>Writes aside and renames, so that no reader ever sees half a secret.</summary>
    public static void Write(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(file + ".new", options))
            stream.Write(Encoding.UTF8.GetBytes(text));
        File.Move(file + ".new", file, overwrite: true);
    }
}
