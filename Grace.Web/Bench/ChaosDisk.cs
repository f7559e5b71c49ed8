using System.Diagnostics;

namespace Grace.Web.Bench;

/// <summary>A small file system for a node's workspaces, to be filled to the last byte. Only root can make one.</summary>
sealed class ChaosDisk
{
    readonly string? folder;

    ChaosDisk(string? folder) => this.folder = folder;

    public static async Task<ChaosDisk> MountAsync(string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        return new(await RunAsync("mount", ["-t", "tmpfs", "-o", "size=4g", "tmpfs", folder], cancel) ? folder : null);
    }

    /// <summary>Full for a while. False where there is no such disk.</summary>
    public async Task<bool> FillAsync(TimeSpan time, CancellationToken cancel)
    {
        if (folder is null)
            return false;
        var file = Path.Combine(folder, "filler");
        try
        {
            await using var filler = File.Create(file);
            var megabyte = new byte[1 << 20];
            while (true)
                await filler.WriteAsync(megabyte, cancel);
        }
        catch (IOException)
        {
        }
        await Task.Delay(time, cancel);
        File.Delete(file);
        return true;
    }

    public async Task UnmountAsync()
    {
        if (folder is not null)
            await RunAsync("umount", ["-l", folder], CancellationToken.None);
    }

    static async Task<bool> RunAsync(string program, string[] arguments, CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
