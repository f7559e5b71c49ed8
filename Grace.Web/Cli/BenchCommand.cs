using System.Globalization;
using System.Runtime.InteropServices;
using Grace.Web.Bench;

namespace Grace.Web.Cli;

/// <summary><c>grace bench</c>: the benchmarks, each beside its yardstick in the same run, and the crash harness.</summary>
static class BenchCommand
{
    const string Usage = """
        grace bench [pipeline]
        grace bench feed [--seconds N] [--subscribers 1,100,1000]
        grace bench pages [--pipelines N] [--pages N]
        grace bench failures
        grace bench chaos [--kills N] [--pipelines N] [--whole N] [--language NAME] [--seed N]
        """;

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var data = arguments.Value("--data");
        var name = arguments.Word() ?? "pipeline";
        // The other sides of a measurement, as processes of their own.
        if (name == "bare")
            return await BareServer.RunAsync();
        if (name == "feed-clients" && arguments.Word() is { } plan)
            return await FeedClients.RunAsync(plan);
        if (name == "failures")
        {
            arguments.End(Usage);
            return FailuresBench.Run(Console.WriteLine) ? 0 : 1;
        }
        var run = Read(name, arguments);
        var given = arguments.Settings();
        arguments.End(Usage);
        return await RunAsync(run, Settings.Load(data, given));
    }

    /// <summary>What is to be run, with its options read; true when all its aims hold.</summary>
    static Func<OpenDatabase, Settings, CancellationToken, Task<bool>> Read(string name, Arguments arguments)
    {
        switch (name)
        {
            case "pipeline":
                return async (opened, settings, cancel) =>
                {
                    await PipelineBench.RunAsync(opened.OwnerConnection, settings.Data, Console.WriteLine).WaitAsync(cancel);
                    return true;
                };
            case "feed":
                var (seconds, subscribers) = (Math.Max(2, Number("--seconds", 10)), arguments.Value("--subscribers") ?? "1,100,1000");
                var counts = FeedBench.Counts(subscribers) ?? throw new BadCall($"--subscribers is '{subscribers}'; it must be whole numbers from 1 to 10000 with commas between.");
                return (opened, settings, cancel) => new FeedBench(counts, seconds, opened.OwnerConnection, settings.Data, Console.WriteLine).RunAsync(cancel);
            case "pages":
                var (pipelines, pages) = (Math.Max(1, Number("--pipelines", 50_000)), Math.Max(1, Number("--pages", 200)));
                return (opened, settings, cancel) => new PagesBench(pipelines, pages, opened.OwnerConnection, settings.Data, Console.WriteLine).RunAsync(cancel);
            case "chaos":
                var chaos = new ChaosPlan(Number("--kills", 100), Number("--pipelines", 200), Number("--whole", 8), arguments.Value("--language") ?? "csharp", Number("--seed", 1));
                return (opened, settings, cancel) => new ChaosBench(chaos, opened.OwnerConnection, settings.Data, Console.WriteLine).RunAsync(cancel);
            default:
                throw new BadCall($"'{name}' is no benchmark; there are: pipeline, feed, pages, failures, chaos.");
        }

        int Number(string option, int usual) => arguments.Value(option) is not { } text ? usual
            : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number
            : throw new BadCall($"{option} is '{text}'; it must be a whole number.");
    }

    static async Task<int> RunAsync(Func<OpenDatabase, Settings, CancellationToken, Task<bool>> run, Settings settings)
    {
        // Asked to end, it takes what it started along.
        using var ended = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ended.Cancel();
        }

        await using var opened = await OpenDatabase.OpenAsync(settings, Console.WriteLine);
        try
        {
            return await run(opened, settings, ended.Token) ? 0 : 1;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            Console.Error.WriteLine("Interrupted.");
            return 1;
        }
    }
}
