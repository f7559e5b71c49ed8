using Grace.Engine.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Knowledge;

/// <summary>
/// Brings the knowledge base up to date at the start: the shipped handbook and the teams' folders.
/// </summary>
public sealed class KnowledgeUpkeep(
    KnowledgeBase knowledge, DataFolder data, KnowledgeOptions options, ILogger<KnowledgeUpkeep> logger)
    : BackgroundService
{
    readonly TaskCompletionSource indexed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when handbook and folders have been read once.</summary>
    public Task Indexed => indexed.Task;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Quietly.Until(stoppingToken, Work);

    async Task Work(CancellationToken stop)
    {
        try
        {
            await knowledge.IndexHandbookAsync(stop);
            foreach (var folder in options.Folders.Prepend(data.Knowledge))
                foreach (var skipped in (await knowledge.IndexFolderAsync(folder, stop)).Skipped)
                    logger.LogWarning("{Skipped} is not in the knowledge base", skipped);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
        {
            logger.LogWarning("The knowledge base could not be brought up to date: {Error}. The next start tries again.", e.Message);
        }
        finally
        {
            indexed.TrySetResult();
        }
    }
}
