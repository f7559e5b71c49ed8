using System.Globalization;
using System.Runtime.InteropServices;
using Grace.Web.Bench;

namespace Grace.Web.Cli;

/// <summary><c>grace bench</c>: the benchmarks, each beside its yardstick in the same run, and the crash harness.</summary>
static class BenchCommand
{
    const string Usage = "grace bench [pipeline | chaos [--kills N] [--pipelines N] [--whole N] [--language NAME] [--seed N] | pages [--pipelines N] [--pages N]]";

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var data = arguments.Value("--data");
        var name = arguments.Word() ?? "pipeline";
        var pages = Number("--pages", 200);
        var chaos = new ChaosPlan(
            Number("--kills", 100), Number("--pipelines", name == "pages" ? 50_000 : 200), Number("--whole", 8), arguments.Value("--language") ?? "csharp", Number("--seed", 1));
        var given = arguments.Settings();
        arguments.End(Usage);
        if (name == "bare")
            return await BareServer.RunAsync();
        if (name is not ("pipeline" or "chaos" or "pages"))
            throw new BadCall($"'{name}' is no benchmark; there are: pipeline, chaos, pages.");
        var settings = Settings.Load(data, given);
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
            if (name == "chaos")
                return await new ChaosBench(chaos, opened.OwnerConnection, settings.Data, Console.WriteLine).RunAsync(ended.Token) ? 0 : 1;
            if (name == "pages")
                return await new PagesBench(Math.Max(1, chaos.Pipelines), Math.Max(1, pages), opened.OwnerConnection, settings.Data, Console.WriteLine).RunAsync(ended.Token) ? 0 : 1;
            await PipelineBench.RunAsync(opened.OwnerConnection, settings.Data, Console.WriteLine).WaitAsync(ended.Token);
            return 0;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            Console.Error.WriteLine("Interrupted.");
            return 1;
        }

        int Number(string option, int usual) => arguments.Value(option) is not { } text ? usual
            : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number
            : throw new BadCall($"{option} is '{text}'; it must be a whole number.");
    }
}
