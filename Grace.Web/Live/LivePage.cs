using Grace.Engine.Log;
using Microsoft.AspNetCore.Components;
using Npgsql;

namespace Grace.Web.Live;

/// <summary>A page that follows the feed until it is left; when the database is away, it says so and catches up by itself.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    const string AwayText = "The database does not answer; this page catches up by itself when it is back.";
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    readonly CancellationTokenSource left = new();
    Redraw redraw = null!;
    int later;
    bool feedAway;
    bool drawAway;

    [Inject] internal Feed Feed { get; set; } = null!;

    [Inject] internal TimeProvider Clock { get; set; } = null!;

    /// <summary>What to tell the reader while nothing new can be read; null while everything is live.</summary>
    protected string? Away => feedAway || drawAway ? AwayText : null;

    protected CancellationToken Left => left.Token;

    /// <summary>The events to follow, from after what this page has already seen.</summary>
    protected abstract IAsyncEnumerable<Recorded> Follow(CancellationToken cancel);

    /// <summary>Takes one event in; drawing comes later.</summary>
    protected abstract Task TakeAsync(Recorded e);

    protected override void OnInitialized()
    {
        redraw = new(() => InvokeAsync(DrawAsync), Clock);
        _ = Task.Run(FollowForever);
        if (Beat is { } beat)
            _ = Task.Run(() => BeatForever(beat));
    }

    protected virtual Task BeforeDrawAsync() => Task.CompletedTask;

    /// <summary>How often to draw although nothing was recorded, for ages and heartbeats; null: never.</summary>
    protected virtual TimeSpan? Beat => null;

    async Task DrawAsync()
    {
        try
        {
            await BeforeDrawAsync();
            drawAway = false;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            drawAway = true;
            ChangedLater();
        }
        StateHasChanged();
    }

    /// <summary>Draws again in a second: what could not be read yet is read then.</summary>
    protected void ChangedLater()
    {
        if (Interlocked.Exchange(ref later, 1) == 0)
            _ = Later();
    }

    async Task Later()
    {
        await Task.Delay(Again, Clock).ConfigureAwait(false);
        Interlocked.Exchange(ref later, 0);
        if (!left.IsCancellationRequested)
            Changed();
    }

    async Task BeatForever(TimeSpan beat)
    {
        using var timer = new PeriodicTimer(beat, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(left.Token))
                Changed();
        }
        catch (OperationCanceledException)
        {
        }
    }

    protected void Changed() => redraw.Want();

    /// <summary>What was there before the first event is read: the page is live.</summary>
    protected void CaughtUp()
    {
        feedAway = false;
        Changed();
    }

    async Task FollowForever()
    {
        while (!left.IsCancellationRequested)
        {
            try
            {
                await foreach (var e in Follow(left.Token))
                {
                    feedAway = false;
                    await InvokeAsync(() => TakeAsync(e));
                    Changed();
                }
            }
            catch (OperationCanceledException) when (left.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                feedAway = true;
                Changed();
                await Task.Delay(Again, Clock).ConfigureAwait(false);
            }
        }
    }

    public virtual void Dispose()
    {
        left.Cancel();
        redraw?.Dispose();
        GC.SuppressFinalize(this);
    }
}
