using Grace.Engine.Feed;
using Grace.Engine.Jobs;
using Grace.Engine.Log;
using Microsoft.AspNetCore.Components;

namespace Grace.Web.Live;

/// <summary>A page about jobs: reads again when the log or the jobs' signal tells of a change, at most once a second, and with every beat.</summary>
public abstract class JobsWatch : TailPage
{
    static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    long read;
    volatile bool changed = true;
    bool wanted = true;

    [Inject] internal JobSignal Signal { get; set; } = null!;

    /// <summary>For ages, heartbeats, and what no signal tells of.</summary>
    protected override TimeSpan? Beat => TimeSpan.FromSeconds(2);

    protected override void OnInitialized()
    {
        Signal.Heard += Hear;
        base.OnInitialized();
    }

    void Hear(JobTopic topic)
    {
        changed = true;
        Changed();
    }

    protected override void See(Recorded e) => changed |= !EventStream.IsBackground(e);

    /// <summary>Somebody here asked for something else, or did something: it is read at once.</summary>
    protected void ReadNow()
    {
        wanted = true;
        Changed();
    }

    /// <param name="since">What was looked up before this timestamp of the clock is too old.</param>
    protected abstract Task ReadAsync(long since);

    protected sealed override async Task BeforeDrawAsync()
    {
        var now = Clock.GetTimestamp();
        var age = Clock.GetElapsedTime(read, now);
        if (!wanted && age < Least)
        {
            // Once a second is enough, and the last change is still drawn.
            if (changed)
                Changed();
            return;
        }
        if (!wanted && !changed && age < Beat)
            return;
        var fresh = wanted || changed;
        (wanted, changed) = (false, false);
        try
        {
            await ReadAsync(fresh ? now : now - Clock.TimestampFrequency);
            read = now;
        }
        catch
        {
            wanted = true;
            throw;
        }
    }

    public override void Dispose()
    {
        Signal.Heard -= Hear;
        base.Dispose();
    }
}
