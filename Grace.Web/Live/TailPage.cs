using System.Runtime.CompilerServices;
using Grace.Engine.Log;
using Microsoft.AspNetCore.Components;

namespace Grace.Web.Live;

/// <summary>A page that follows the live end of the whole log.</summary>
public abstract class TailPage : LivePage
{
    [Inject] internal LogTail Tail { get; set; } = null!;

    /// <summary>Up to where this page has come; null before it is live.</summary>
    protected LogPlace? Place { get; private set; }

    protected override async IAsyncEnumerable<Recorded> Follow([EnumeratorCancellation] CancellationToken cancel)
    {
        await Tail.Ready.WaitAsync(cancel);
        Place ??= Tail.Head;
        CaughtUp();
        await foreach (var e in Tail.FollowAsync(Place.Value, cancel))
            yield return e;
    }

    protected sealed override Task TakeAsync(Recorded e)
    {
        Place = new(e.Transaction, e.Position);
        See(e);
        return Task.CompletedTask;
    }

    /// <summary>Takes one event in; drawing comes later.</summary>
    protected abstract void See(Recorded e);
}
