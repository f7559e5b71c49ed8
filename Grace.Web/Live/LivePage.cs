using Grace.Engine.Log;
using Microsoft.AspNetCore.Components;
using Npgsql;

namespace Grace.Web.Live;

/// <summary>A page that follows the feed until it is left; when the database is away, it says so and catches up by itself.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    readonly CancellationTokenSource left = new();
    Redraw redraw = null!;

    [Inject] internal Feed Feed { get; set; } = null!;

    [Inject] internal TimeProvider Clock { get; set; } = null!;

    /// <summary>What to tell the reader while nothing new can be read; null while everything is live.</summary>
    protected string? Away { get; private set; }

    protected CancellationToken Left => left.Token;

    /// <summary>The events to follow, from after what this page has already seen.</summary>
    protected abstract IAsyncEnumerable<Recorded> Follow(CancellationToken cancel);

    /// <summary>Takes one event in; drawing comes later.</summary>
    protected abstract Task TakeAsync(Recorded e);

    protected override void OnInitialized()
    {
        redraw = new(() => InvokeAsync(async () =>
        {
            await BeforeDrawAsync();
            StateHasChanged();
        }), Clock);
        _ = Task.Run(FollowForever);
    }

    protected virtual Task BeforeDrawAsync() => Task.CompletedTask;

    protected void Changed() => redraw.Want();

    async Task FollowForever()
    {
        while (!left.IsCancellationRequested)
        {
            try
            {
                await foreach (var e in Follow(left.Token))
                {
                    Away = null;
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
                Away = "The database does not answer; this page catches up by itself when it is back.";
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
