using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>
/// A pipeline remembers which job of it failed. It is settled when the pipeline goes on in another one, whoever saw to that
/// and wherever: then it stands under Failed no longer.
/// </summary>
sealed class FailedStretch(NpgsqlDataSource database) : IApplyStateFilter
{
    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (context.NewState is not FailedState || context.BackgroundJob.Job is not { } job || job.Type != typeof(Stretch))
            return;
        using var note = database.CreateCommand("update grace.pipelines set failed_job = $1 where id = $2");
        note.Parameters.Add(new() { Value = long.Parse(context.BackgroundJob.Id, System.Globalization.CultureInfo.InvariantCulture) });
        note.Parameters.Add(new() { Value = job.Args[0] });
        note.ExecuteNonQuery();
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }

    /// <summary>Whether this is the job that the pipeline remembers.</summary>
    public static async Task<bool> IsRememberedAsync(NpgsqlDataSource database, string pipelineId, string job)
    {
        await using var command = database.CreateCommand("select failed_job = $1 from grace.pipelines where id = $2");
        command.Parameters.Add(new() { Value = long.Parse(job, System.Globalization.CultureInfo.InvariantCulture) });
        command.Parameters.Add(new() { Value = pipelineId });
        return await command.ExecuteScalarAsync() is true;
    }

    /// <summary>Does nothing where the failed job was put back and is no failed one any more.</summary>
    public static void Settle(IBackgroundJobClient client, long failed, string by) => client.ChangeState(
        failed.ToString(System.Globalization.CultureInfo.InvariantCulture), new DeletedState { Reason = $"Its pipeline goes on in job {by}." }, FailedState.StateName);
}
