namespace Grace.Engine.Workspaces;

/// <summary>The private folders of one run, and whose run it is. Deleted with it.</summary>
internal sealed record RunFolders(string Root)
{
    public string Home => Path.Combine(Root, "home");

    public string Temporary => Path.Combine(Root, "tmp");

    /// <summary>What is put among the hooks of a repository's git.</summary>
    public string Hooks => Path.Combine(Root, "hooks");

    private string Owner => Path.Combine(Root, "owner");

    public void Create(bool kept)
    {
        Directory.CreateDirectory(Home);
        Directory.CreateDirectory(Temporary);
        Directory.CreateDirectory(Hooks);
        File.WriteAllText(Owner, kept ? "" : $"{Environment.ProcessId} {ProcessTree.StartMark(Environment.ProcessId)}");
    }

    /// <summary>
    /// Clears what runs of a Grace that died left behind. Where no namespace held them, their processes may still live.
    /// </summary>
    public static async Task SweepAsync(string runs)
    {
        foreach (var run in Directory.Exists(runs) ? Directory.EnumerateDirectories(runs).Select(folder => new RunFolders(folder)) : [])
        {
            var id = Path.GetFileName(run.Root);
            var owner = File.Exists(run.Owner) ? File.ReadAllText(run.Owner).Split(' ') : [];
            if (owner.Length == 2 && ProcessTree.StartMark(int.Parse(owner[0], System.Globalization.CultureInfo.InvariantCulture)) != owner[1])
            {
                await ProcessTree.EndAsync(0, id, TimeSpan.FromSeconds(10)).ConfigureAwait(false);
                run.Delete();
            }
            else if (owner is [""] && !ProcessTree.Any(id))
            {
                run.Delete();
            }
        }
    }

    public void Delete()
    {
        try
        {
            FolderRemoval.Remove(Root);
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            // Only disk space: a file that another user of the sandbox owns stays behind.
        }
    }
}
