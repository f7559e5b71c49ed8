namespace Grace.Engine.Workspaces;

/// <summary>A confined service that was started. Plain data, to be kept and used again after Grace restarts.</summary>
/// <param name="Pid">The outermost process.</param>
/// <param name="StartMark">Boot and start time: another process that got the same pid has another one.</param>
/// <param name="Run">The mark that all processes of the service carry.</param>
public sealed record ServiceProcess(int Pid, string StartMark, string Run, string LogFile, string Confinement)
{
    /// <summary>Whether this very process is still there.</summary>
    public bool IsRunning => StartMark.Length > 0 && ProcessTree.StartMark(Pid) == StartMark;

    /// <summary>
    /// Asks the service to end, waits up to <paramref name="grace"/>, and then ends whatever is left of its tree.
    /// Does nothing when the pid belongs to another process by now.
    /// </summary>
    public async Task StopAsync(TimeSpan grace, TimeProvider clock, CancellationToken cancel)
    {
        if (!IsRunning)
        {
            return;
        }

        ProcessTree.Ask(Pid, Run);
        var began = clock.GetTimestamp();
        while (IsRunning && clock.GetElapsedTime(began) < grace)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancel).ConfigureAwait(false);
        }

        await ProcessTree.EndAsync(IsRunning ? Pid : 0, Run, TimeSpan.FromSeconds(10)).ConfigureAwait(false);
    }
}
