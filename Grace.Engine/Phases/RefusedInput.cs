using Grace.Engine.Pipelines;
using Npgsql;

namespace Grace.Engine.Phases;

/// <summary>
/// Data that PostgreSQL does not store (a NUL in JSON, an index row too large): no trying again helps, so the phase that
/// made it fails, in words that can be stored.
/// </summary>
static class RefusedInput
{
    /// <summary>Class 22, data exception, and class 54, program limit exceeded; everything else is the database's own trouble.</summary>
    public static bool IsCauseOf(PostgresException refused) =>
        refused.SqlState.StartsWith("22", StringComparison.Ordinal) || refused.SqlState.StartsWith("54", StringComparison.Ordinal);

    public static PipelineCommand Instead(PipelineCommand outcome, PostgresException refused)
    {
        var error = Says(refused);
        return outcome switch
        {
            PipelineCommand.Finish finish => finish with { Report = new(error, [], [], null) },
            PipelineCommand.FinishRecovery recovery => recovery with { Report = new(null, error, []) },
            _ => throw refused,
        };
    }

    public static string Says(PostgresException refused) => $"PostgreSQL does not store what this phase made ({refused.SqlState}: {Storable(refused.MessageText)}).";

    static string Storable(string text) => string.Concat(text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)));
}
