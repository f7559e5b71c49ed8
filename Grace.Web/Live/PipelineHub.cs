using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Access;
using Grace.Engine.Feed;
using Grace.Engine.Guardian;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Grace.Engine.Text;
using Grace.Web.Access;
using Microsoft.AspNetCore.SignalR;

namespace Grace.Web.Live;

/// <summary>
/// The live hub: clients watch pipelines from the version they last saw, and publish the Guardian's topics. A wrong version,
/// position, type or name is refused with a HubException that says what is allowed.
/// </summary>
[Needs(Right.Read)]
sealed class PipelineHub(Watchers watchers, EventLog log, IMessageBus bus, AccessCheck access, AccessWatch watch) : Hub
{
    [Needs(Right.Read)]
    public async Task Watch(string pipelineId, JsonElement afterVersion)
    {
        var version = Number(afterVersion, "afterVersion");
        var newest = string.IsNullOrEmpty(pipelineId) || Storable.Objection(pipelineId) is not null ? null : await log.VersionAsync(pipelineId, Context.ConnectionAborted);
        if (newest is null)
            throw new HubException($"There is no pipeline '{pipelineId}'.");
        if (version > newest)
            throw new HubException($"afterVersion is {version}, but '{pipelineId}' is at version {newest}; pass the last version you saw, or 0 for all.");
        watchers.WatchStream(Context.ConnectionId, pipelineId, version);
    }

    [Needs(Right.Read)]
    public Task WatchAll(JsonElement afterPosition) => WatchTypes(afterPosition, []);

    /// <summary>As WatchAll, in whose place it comes, but only these types or families (agent.phase.*); none: all.</summary>
    [Needs(Right.Read)]
    public async Task WatchTypes(JsonElement afterPosition, string[] types)
    {
        var position = Number(afterPosition, "afterPosition");
        if (EventFilter.Check("types", types).FirstOrDefault() is { } wrong)
            throw new HubException(wrong.Message);
        if (position > 0 && await log.NewestPositionAsync(Context.ConnectionAborted) is var newest && position > newest)
            throw new HubException($"afterPosition is {position}, but the log's newest position is {newest}; pass the last position you saw, or 0 for all.");
        watchers.WatchAll(Context.ConnectionId, await log.PlaceOfAsync(position, Context.ConnectionAborted), new(types));
    }

    /// <param name="pipelineId">Empty: what WatchAll or WatchTypes began.</param>
    [Needs(Right.Read)]
    public Task Unwatch(string? pipelineId)
    {
        watchers.Stop(Context.ConnectionId, string.IsNullOrEmpty(pipelineId) ? Watchers.All : pipelineId);
        return Task.CompletedTask;
    }

    /// <summary>Guardian topics. Each needs its own right, which is demanded anew where the command is issued, so that the refusal can say which.</summary>
    [Needs(Right.Read)]
    public async Task<GuardianAnswer> Publish(string topic, JsonObject payload)
    {
        try
        {
            return await bus.PublishAsync(topic, payload, access.IssuerOf(Context.User!), Context.ConnectionAborted);
        }
        catch (Exception refused) when (refused is SubmissionRefused or PipelineRejected or VersionMoved or NotAllowed)
        {
            throw new HubException(refused.Message);
        }
    }

    public override Task OnConnectedAsync()
    {
        var connection = Context;
        _ = watch.EndWithAccessAsync(connection.User!, connection.ConnectionAborted, connection.Abort);
        return base.OnConnectedAsync();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        watchers.StopAll(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }

    static long Number(JsonElement given, string name) => given.ValueKind == JsonValueKind.Number && given.TryGetInt64(out var number) && number >= 0
        ? number
        : throw new HubException($"{name} is {given.GetRawText()[..Math.Min(40, given.GetRawText().Length)]}; it must be a whole number from 0.");
}
