using JasperFx.Events;
using Marten.Events.Aggregation;

namespace Grace.Engine.Pipelines;

/// <summary>How Marten folds a pipeline: by the pure <see cref="Pipeline.Evolve"/>, over streams that begin as a pipeline's do.</summary>
public sealed partial class PipelineFold : SingleStreamProjection<Pipeline, string>
{
    public override Pipeline? Evolve(Pipeline? snapshot, string id, IEvent e) => e.Data switch
    {
        PipelineEvent.Submitted submitted when snapshot is null => (Pipeline.Unborn with { Id = id }).Evolve(submitted, e.Timestamp, e.UserName),
        PipelineEvent change => snapshot?.Evolve(change, e.Timestamp, e.UserName),
        _ => snapshot,
    };
}
