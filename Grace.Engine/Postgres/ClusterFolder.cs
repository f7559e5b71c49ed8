using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Grace.Engine.Postgres;

/// <summary>What lies where below the data folder, and what Grace itself remembers about the server.</summary>
internal sealed class ClusterFolder
{
    public ClusterFolder(string dataFolder)
    {
        Directory.CreateDirectory(dataFolder);
        // Resolved, since running servers are recognised by the real path they work in.
        Root = Path.Combine(RealPath(Path.GetFullPath(dataFolder)), "postgres");
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Users);
    }

    public string Root { get; }
    public string Data => Path.Combine(Root, "cluster");
    public string Making => Path.Combine(Root, "cluster.new");
    public string Users => Path.Combine(Root, "users");
    public string LockFile => Path.Combine(Root, "lock");
    public string NpmFolder => Path.Combine(Root, "binaries");
    public string Log => Path.Combine(Data, "server.log");
    public string PidFile => Path.Combine(Data, "postmaster.pid");
    private string IdentityFile => Path.Combine(Root, "postgres.json");

    /// <summary>In the title of every process of this server. By path, so that a copied folder has another name.</summary>
    public string Name => "grace-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Data)))[..12];

    /// <summary>The major version that made the data; null when there is none yet.</summary>
    public int? DataMajor()
    {
        var file = Path.Combine(Data, "PG_VERSION");
        return File.Exists(file) ? int.Parse(File.ReadAllText(file).Trim()) : null;
    }

    /// <summary>The port stays the same over restarts: connection strings already handed out name it.</summary>
    public sealed record Identity(int Port, string Password);

    public Identity ReadIdentity()
    {
        if (File.Exists(IdentityFile))
        {
            return JsonSerializer.Deserialize<Identity>(File.ReadAllText(IdentityFile))!;
        }

        if (Directory.Exists(Data))
        {
            throw new PostgresUnavailableException($"{IdentityFile}, which holds the password of the database in {Data}, is missing. Restore it, or choose another data folder.");
        }

        var fresh = new Identity(Ports.Free(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        Write(fresh);
        return fresh;
    }

    public void Write(Identity identity)
    {
        var fresh = IdentityFile + ".new";
        WriteSecret(fresh, JsonSerializer.Serialize(identity));
        File.Move(fresh, IdentityFile, overwrite: true);
    }

    /// <summary>Creates the file readable by its owner only, before a byte is in it.</summary>
    public static void WriteSecret(string path, string content)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        stream.Write(Encoding.UTF8.GetBytes(content));
        stream.Flush(flushToDisk: true);
    }

    public static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string RealPath(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null)
        {
            return path;
        }

        var here = Path.Combine(RealPath(parent), Path.GetFileName(path));
        return Directory.ResolveLinkTarget(here, returnFinalTarget: true) is { } target ? RealPath(target.FullName) : here;
    }
}
