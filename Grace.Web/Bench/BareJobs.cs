using System.Collections.Concurrent;
using Hangfire;

namespace Grace.Web.Bench;

/// <summary>What Hangfire alone costs in the same process, with Grace's filters and storage: a job that does nothing, from its making until it runs.</summary>
public static class BareJobs
{
    static readonly ConcurrentDictionary<string, TaskCompletionSource> Waiting = new();

    /// <summary>Called by Hangfire.</summary>
    public static void Ran(string name)
    {
        if (Waiting.TryRemove(name, out var ran))
            ran.SetResult();
    }

    public static async Task RunOneAsync(IBackgroundJobClient client, CancellationToken cancel)
    {
        var name = Guid.NewGuid().ToString("N");
        var ran = Waiting[name] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.Run(() => client.Enqueue(() => Ran(name)), cancel);
        await ran.Task.WaitAsync(TimeSpan.FromMinutes(1), cancel);
    }
}
