using System.Collections.Immutable;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;

namespace Grace.Web.Live;

/// <summary>A pipeline at one version, what its phases had cost by then, and its story up to there.</summary>
public sealed record PipelineMoment(Pipeline State, ImmutableDictionary<Phase, PhaseEffort> Efforts, Story Story)
{
    public static PipelineMoment Unborn(string id) => new(Pipeline.Unborn with { Id = id }, ImmutableDictionary<Phase, PhaseEffort>.Empty, Story.Untold);

    public PipelineMoment Evolve(Recorded e)
    {
        var change = PipelineEvents.Read(e.Type, e.Data);
        return new(State.Evolve(change, e.At, e.By), PhaseEffort.Evolve(Efforts, change, e.At), Story.Evolve(change, e.At, e.By, e.Version));
    }
}

/// <summary>
/// A pipeline as its events tell it, now and at any version before. Some moments on the way are kept, so that going back
/// reads few events; the events themselves are not kept.
/// </summary>
public sealed class PipelineReplay(EventLog log, string id)
{
    public const int MostKept = 64;
    const int Page = 1000;
    readonly Lock gate = new();
    readonly SortedList<long, PipelineMoment> kept = [];
    long stride = 64;

    /// <summary>As far as is read.</summary>
    public PipelineMoment Now { get; private set; } = PipelineMoment.Unborn(id);

    /// <summary>Everything that was there has been read at least once.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Moments that are kept; at most <see cref="MostKept"/>, however long the stream.</summary>
    public int Kept
    {
        get { lock (gate) return kept.Count; }
    }

    /// <summary>Reads on to the end of what is there.</summary>
    public async Task CatchUpAsync(CancellationToken cancel)
    {
        for (List<Recorded> page; (page = await log.ReadStreamAsync(id, Now.State.Version, Page, cancel)).Count > 0;)
        {
            // Another kind of stream under that name is no pipeline.
            if (page[0].Version == 1 && !PipelineEvents.IsStream(page))
                break;
            foreach (var e in page)
                Take(e);
        }
        IsRead = true;
    }

    /// <summary>Takes the next event in; what is known already is passed over.</summary>
    public void Take(Recorded e)
    {
        lock (gate)
        {
            if (e.Version <= Now.State.Version)
                return;
            Now = Now.Evolve(e);
            if (e.Version % stride == 0)
                kept[e.Version] = Now;
            if (kept.Count <= MostKept)
                return;
            stride *= 2;
            foreach (var version in kept.Keys.Where(v => v % stride != 0).ToList())
                kept.Remove(version);
        }
    }

    /// <summary>As it stood right after this version; now, where that is not there yet.</summary>
    public async Task<PipelineMoment> AtAsync(long version, CancellationToken cancel)
    {
        PipelineMoment moment;
        lock (gate)
        {
            if (version >= Now.State.Version)
                return Now;
            moment = kept.Where(k => k.Key <= version).Select(k => k.Value).LastOrDefault() ?? PipelineMoment.Unborn(id);
        }
        while (moment.State.Version < version)
        {
            var page = await log.ReadStreamAsync(id, moment.State.Version, (int)Math.Min(Page, version - moment.State.Version), cancel);
            if (page.Count == 0)
                return moment;
            moment = page.Aggregate(moment, (at, e) => at.Evolve(e));
        }
        return moment;
    }
}
