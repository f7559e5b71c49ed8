using Grace.Engine.Hosting;
using Grace.Engine.Workspaces;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grace.Engine.Deployments;

/// <summary>
/// At a server's start: ends what sandboxes of a killed Grace left behind, and starts deployed services again that did
/// not survive, such as after the machine was restarted.
/// </summary>
public sealed class DeploymentUpkeep(Sandbox sandbox, LocalEnvironment environment, ILogger<DeploymentUpkeep> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Quietly.Until(stoppingToken, Once);

    async Task Once(CancellationToken stop)
    {
        await sandbox.SweepAsync();
        foreach (var gone in environment.Deployed().Where(running => !running.Process.IsRunning))
        {
            try
            {
                await environment.StartAsync(gone.Release, Path.GetFileName(gone.DataFolder), stop);
                logger.LogInformation("{Service} release {Number} runs again in {Environment}", gone.Release.Service, gone.Release.Number, gone.Release.Environment);
            }
            catch (Exception e) when (e is ReleaseUnhealthy or IOException or UnauthorizedAccessException)
            {
                logger.LogError("{Service} in {Environment} does not start again: {Error}", gone.Release.Service, gone.Release.Environment, e.Message);
            }
        }
    }
}
