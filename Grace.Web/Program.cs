using Grace.Engine.Design;
using Grace.Engine.Postgres;
using Grace.Web.Bench;
using Grace.Web.Cli;

const string Usage = """
    grace run "TASK"      run one pipeline to its end
    grace serve           dashboard, API, hub and workers
    grace test [FILTER]   the whole test suite
    grace log verify [--pipeline ID] | export ID | check BUNDLE
    grace learning replay | story
    grace bench [NAME]    the benchmarks
    """;

// Patterns come from playbooks, schemas and known issues too: none may search for ever.
AppDomain.CurrentDomain.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", TimeSpan.FromSeconds(5));
try
{
    var arguments = new Arguments(args.Skip(1));
    return args.FirstOrDefault() switch
    {
        "run" => await RunCommand.RunAsync(arguments),
        "serve" => await ServeCommand.RunAsync(arguments),
        "log" => await LogCommand.RunAsync(arguments),
        "learning" => await LearningCommand.RunAsync(arguments),
        "bench" => await BenchCommand.RunAsync(arguments),
        null or "--help" or "-h" or "help" => Help(),
        var unknown => throw new BadCall($"'{unknown}' is no command.\n{Usage}"),
    };
}
catch (BadCall bad)
{
    Console.Error.WriteLine(bad.Message);
    return 2;
}
catch (Exception wrong) when (wrong is WrongSetting or PostgresUnavailableException or EarlierLayoutException or BrokenTemplates)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}

static int Help()
{
    Console.WriteLine(Usage);
    return 0;
}

/// <summary>Visible to the tests, which start the same program.</summary>
public partial class Program;
