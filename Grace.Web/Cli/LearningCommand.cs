using Grace.Engine.Learning;
using Grace.Engine.Log;
using Grace.Web.Bench;

namespace Grace.Web.Cli;

/// <summary><c>grace learning</c>: makes the read side anew from the log, or shows the loop at work.</summary>
static class LearningCommand
{
    const string Usage = "grace learning replay | grace learning story";

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var data = arguments.Value("--data");
        var given = arguments.Settings();
        var what = arguments.Word();
        arguments.End(Usage);
        var settings = Settings.Load(data, given);
        return what switch
        {
            "replay" => await Replay(settings),
            "story" => await new LearningStory(settings.Data, Console.WriteLine).RunAsync(CancellationToken.None) ? 0 : 1,
            _ => throw new BadCall(Usage),
        };
    }

    static async Task<int> Replay(Settings settings)
    {
        await using var opened = await OpenDatabase.OpenAsync(settings, Console.WriteLine);
        var database = opened.Database.Source;
        var log = new EventLog(database);
        var before = await LearningReplay.DigestAsync(database, CancellationToken.None);
        try
        {
            var read = await new LearningReplay(database, log, new LearningBook(database, log, settings.Options.Learning)).RunAsync(null, CancellationToken.None);
            var after = await LearningReplay.DigestAsync(database, CancellationToken.None);
            Console.WriteLine($"{read} events read. Clusters, missions, trials and success rates before: {before[..16]}, after: {after[..16]}: {(before == after ? "the same" : "not the same")}.");
            return 0;
        }
        catch (LearningLed led)
        {
            Console.Error.WriteLine(led.Message);
            return 1;
        }
    }
}
