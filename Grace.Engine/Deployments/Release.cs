using Grace.Engine.Workspaces;

namespace Grace.Engine.Deployments;

/// <summary>One published release of a service in an environment.</summary>
/// <param name="Number">1, 2, 3 … within the service.</param>
/// <param name="Tree">The git tree it was published from.</param>
/// <param name="Folder">The published program.</param>
/// <param name="Entry">The assembly that starts it, inside the folder.</param>
public sealed record Release(string Environment, string Service, int Number, string Tree, string Folder, string Entry);

/// <summary>What an environment runs of a service now; kept beside the releases, read again after a restart.</summary>
public sealed record RunningRelease(Release Release, int Port, ServiceProcess Process, string DataFolder, DateTimeOffset StartedAt)
{
    public string Address => $"http://127.0.0.1:{Port}";
}
