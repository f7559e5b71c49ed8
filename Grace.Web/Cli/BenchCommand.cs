using Grace.Web.Bench;

namespace Grace.Web.Cli;

/// <summary><c>grace bench</c>: the benchmarks, each beside its yardstick in the same run.</summary>
static class BenchCommand
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var data = arguments.Value("--data");
        var given = arguments.Settings();
        var name = arguments.Word() ?? "pipeline";
        arguments.End("grace bench [pipeline]");
        if (name != "pipeline")
            throw new BadCall($"'{name}' is no benchmark; there is: pipeline.");
        var settings = Settings.Load(data, given);
        await using var opened = await OpenDatabase.OpenAsync(settings, Console.WriteLine);
        await PipelineBench.RunAsync(opened.OwnerConnection, settings.Data, Console.WriteLine);
        return 0;
    }
}
