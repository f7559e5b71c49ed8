namespace Grace.Engine.Deployments;
public sealed class LocalEnvironment { public Task StopAsync(string service) => Task.CompletedTask; }
