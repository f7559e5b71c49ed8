using System.Text.Json.Serialization;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Deployments;

/// <summary>One published release of a service in an environment.</summary>
/// <param name="Number">1, 2, 3 … within the service.</param>
/// <param name="Tree">The git tree it was published from.</param>
/// <param name="Folder">The published program.</param>
/// <param name="Entry">What starts it, for people; of a release from before there were plans, the assembly inside the folder.</param>
/// <param name="Start">How it is started; null only for those.</param>
public sealed record Release(string Environment, string Service, int Number, string Tree, string Folder, string Entry, StartPlan? Start = null)
{
    [JsonIgnore]
    public StartPlan Plan => Start ?? StartPlan.Dotnet(Entry);
}

/// <summary>What an environment runs of a service now; kept beside the releases, read again after a restart.</summary>
public sealed record RunningRelease(Release Release, int Port, ServiceProcess Process, string DataFolder, DateTimeOffset StartedAt)
{
    public string Address => $"http://{StartPlan.Host}:{Port}";

    [JsonIgnore]
    public string HealthAddress => Address + Release.Plan.Health;
}
