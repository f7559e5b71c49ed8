using Grace.Engine.Hosting;
using Grace.Engine.Pipelines;
using Npgsql;

namespace Grace.Engine.Phases;

/// <summary>A phase that made what PostgreSQL does not store (<see cref="RefusedData"/>) fails, in words that can be stored.</summary>
static class RefusedInput
{
    public static PipelineCommand Instead(PipelineCommand outcome, PostgresException refused) => outcome switch
    {
        PipelineCommand.Finish finish => finish with { Report = new(Says(refused), [], [], null) },
        PipelineCommand.FinishRecovery recovery => recovery with { Report = new(null, Says(refused), []) },
        _ => throw refused,
    };

    public static string Says(PostgresException refused) => RefusedData.Says(refused, "this phase made");
}
