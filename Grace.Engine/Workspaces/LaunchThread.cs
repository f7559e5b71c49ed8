using System.Collections.Concurrent;
using System.Diagnostics;

namespace Grace.Engine.Workspaces;

/// <summary>
/// Starts every confined process from one thread that never ends. "Die with the parent" is, in Linux, "die with the
/// thread that forked": started from the thread pool, a command would be killed whenever its thread retires.
/// </summary>
internal static class LaunchThread
{
    private static readonly BlockingCollection<Action> Starts = [];

    static LaunchThread() => new Thread(Loop) { IsBackground = true, Name = "process launches" }.Start();

    public static Task<Process> StartAsync(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info) ?? throw new InvalidOperationException($"{info.FileName} did not start."));
            }
#pragma warning disable CA1031 // The failure belongs to whoever asked; this thread has to outlive it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                started.SetException(failure);
            }
        });
        return started.Task;
    }

    private static void Loop()
    {
        foreach (var start in Starts.GetConsumingEnumerable())
        {
            start();
        }
    }
}
