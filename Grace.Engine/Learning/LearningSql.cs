using Grace.Engine.Hosting;
using Npgsql;

namespace Grace.Engine.Learning;

/// <summary>The statements of the learning loop's read side, by name; they are in Sql/statements.sql.</summary>
static class LearningSql
{
    static readonly Dictionary<string, string> All = Resources.Read("Learning/Sql/statements.sql").Split("-- name: ", StringSplitOptions.RemoveEmptyEntries)
        .Where(part => part.Contains('\n')).Select(part => part.Split('\n', 2)).ToDictionary(part => part[0].Trim(), part => part[1].Trim().TrimEnd(';'));

    public static readonly string Run = All["run"], Decide = All["decide"], PutCluster = All["put_cluster"], PutSighting = All["put_sighting"],
        ProposeTrial = All["propose_trial"], StartTrial = All["start_trial"], EndTrial = All["end_trial"], LookTrial = All["look_trial"], RunningTrial = All["running_trial"],
        PutMission = All["put_mission"], PutLesson = All["put_lesson"];

    public static NpgsqlBatchCommand Of(string sql, params object?[] given)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in given)
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        return command;
    }
}
