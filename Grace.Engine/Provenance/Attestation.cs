using System.Text.Json.Nodes;
using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Provenance;

/// <summary>Signs where a pipeline's code comes from, and keeps that beside the commit as a git note, outside its tree.</summary>
public sealed class Attestation(Orchestrator orchestrator, CodeProvenance provenance, SigningKey key, DataFolder data)
{
    static readonly string GraceVersion = typeof(Attestation).Assembly.GetName().Version!.ToString(3);

    /// <exception cref="NoProvenance">No such pipeline, no code, or its commits are kept nowhere.</exception>
    /// <exception cref="GitFailedException">The commits cannot be read.</exception>
    public async Task<JsonObject> OfAsync(string pipelineId, CancellationToken cancel = default)
    {
        var pipeline = await orchestrator.LoadAsync(pipelineId, cancel: cancel);
        return pipeline.Exists ? Sign(pipeline, await provenance.OfAsync(pipeline, null, cancel)) : throw new NoProvenance($"There is no pipeline '{pipelineId}'.");
    }

    /// <summary>Writes the note of the commit in force into the workspace on this node; without code there is nothing to note.</summary>
    /// <exception cref="GitFailedException">git cannot read the commits or write the note.</exception>
    public async Task NoteAsync(Pipeline pipeline, CancellationToken cancel = default)
    {
        var workspace = data.Workspace(pipeline.Id);
        if (!GitWorkspace.Exists(workspace))
            return;
        try
        {
            var report = await provenance.OfAsync(pipeline, null, cancel);
            await (await GitWorkspace.OpenAsync(workspace, cancel)).NoteAsync(report.Code.Commit, Sign(pipeline, report).ToJsonString(Wire.Json), cancel);
        }
        catch (NoProvenance)
        {
        }
    }

    JsonObject Sign(Pipeline pipeline, ProvenanceReport report) =>
        Envelope.Seal(Statement.Bytes(Statement.Of(pipeline, report, key.Id, GraceVersion)), Statement.PayloadType, key);
}
