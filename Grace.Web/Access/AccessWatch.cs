using System.Security.Claims;
using Grace.Engine.Access;
using Grace.Engine.Hosting;
using Grace.Engine.Log;

namespace Grace.Web.Access;

/// <summary>
/// Tells when access changed, whichever node changed it: the log says so. What outlives a request (feeds, hub connections,
/// open pages) asks again then, so that it ends with the access it was opened with.
/// </summary>
sealed class AccessWatch(LogTail tail, AccessCheck access, TimeProvider clock) : BackgroundService
{
    readonly Lock gate = new();
    TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public event Action? Changed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await tail.Ready.WaitAsync(stoppingToken);
            for (var place = tail.Head; ; await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken))
                try
                {
                    await foreach (var e in tail.FollowAsync(place, stoppingToken))
                    {
                        place = new(e.Transaction, e.Position);
                        if (e.StreamId == AccessEvents.Stream)
                            Tell();
                    }
                }
                catch (Exception away) when (DatabaseAway.IsCauseOf(away))
                {
                    // Read on from the same place when the database is back.
                }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    void Tell()
    {
        TaskCompletionSource told;
        lock (gate)
            (told, next) = (next, new(TaskCreationOptions.RunContinuationsAsynchronously));
        told.TrySetResult();
        Changed?.Invoke();
    }

    /// <summary>Cancels a connection when the access of whoever opened it is revoked or expires; returns when the connection ends.</summary>
    public async Task EndWithAccessAsync(ClaimsPrincipal who, CancellationToken connection, Action end)
    {
        try
        {
            while (await StandsAsync(who, connection))
            {
            }
            end();
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    /// <summary>Waits for the next change; false when the access has ended.</summary>
    async Task<bool> StandsAsync(ClaimsPrincipal who, CancellationToken connection)
    {
        Task told;
        lock (gate)
            told = next.Task;
        try
        {
            if (await access.RoleNowAsync(who, connection) is null)
                return false;
            await told.WaitAsync(Remaining(who), clock, connection);
        }
        catch (TimeoutException)
        {
        }
        catch (Exception away) when (DatabaseAway.IsCauseOf(away))
        {
            await Task.Delay(TimeSpan.FromSeconds(1), clock, connection);
        }
        return true;
    }

    TimeSpan Remaining(ClaimsPrincipal who)
    {
        // A timer takes 49 days at most; whoever is still there then is asked once more.
        var longest = TimeSpan.FromDays(1);
        return Caller.ExpiryOf(who) is not { } end || end - clock.GetUtcNow() > longest ? longest : TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, (end - clock.GetUtcNow()).Ticks));
    }
}
