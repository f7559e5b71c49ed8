namespace Grace.Engine.Hosting;

/// <summary>The data folder: everything Grace writes lies in it.</summary>
public sealed class DataFolder
{
    public DataFolder(string root)
    {
        Root = Path.GetFullPath(root);
        Directory.CreateDirectory(Root);
    }

    public string Root { get; }

    public string Knowledge => Sub("knowledge");

    public string KnownIssues => Sub("known-issues");

    /// <summary>The team's own playbooks, as *.yaml.</summary>
    public string Playbooks => Sub("playbooks");

    /// <summary>A team's own templates: a folder LANGUAGE-service for each language.</summary>
    public string Templates => Sub(Path.Combine("playbooks", "templates"));

    public string Logs => Sub("logs");

    public string Keys => Sub("keys");

    /// <summary>A pipeline's own git work tree; it may not exist yet.</summary>
    public string Workspace(string pipelineId) => Path.Combine(Sub("pipelines"), pipelineId, "workspace");

    public string AllReleases => Sub("releases");

    /// <summary>The releases of one environment.</summary>
    public string Releases(string environment) => Sub(Path.Combine("releases", environment));

    string Sub(string name)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(path);
        return path;
    }
}
