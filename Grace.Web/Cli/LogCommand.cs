using System.Text.Json;
using Grace.Engine.Log;

namespace Grace.Web.Cli;

/// <summary><c>grace log</c>: proves the log whole, writes a pipeline's proof, checks a proof with no database.</summary>
static class LogCommand
{
    const string Usage = "grace log verify [--pipeline ID] | grace log export ID [--out FILE] | grace log check BUNDLE";

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var (data, pipeline, output) = (arguments.Value("--data"), arguments.Value("--pipeline"), arguments.Value("--out"));
        var given = arguments.Settings();
        var (what, which) = (arguments.Word(), arguments.Word());
        arguments.End(Usage);
        switch (what, which)
        {
            case ("verify", null):
                return await Verify(Settings.Load(data, given), pipeline);
            case ("export", { } id):
                return await Export(Settings.Load(data, given), id, output);
            case ("check", { } bundle):
                return await Check(bundle);
            default:
                throw new BadCall(Usage);
        }
    }

    static async Task<int> Verify(Settings settings, string? pipeline)
    {
        await using var opened = await OpenDatabase.OpenAsync(settings, Console.Error.WriteLine);
        using var key = SigningKey.Open(settings.Data);
        var report = await new LogVerifier(opened.Database.Source, key, settings.Data).VerifyAsync(pipeline);
        if (pipeline is not null && report.Events == 0 && report.Whole)
            throw new BadCall($"There is no pipeline '{pipeline}'.");
        if (report.Whole)
            Console.WriteLine($"The log is whole: {report.Events} events in {report.Streams} streams, {report.Roots} signed roots, {report.Contents} contents.");
        else
            Tell(report.Faults);
        return report.Whole ? 0 : 1;
    }

    static async Task<int> Export(Settings settings, string id, string? output)
    {
        await using var opened = await OpenDatabase.OpenAsync(settings, Console.Error.WriteLine);
        using var key = SigningKey.Open(settings.Data);
        try
        {
            var bundle = await new ProofExport(opened.Database.Source, new ContentShelf(opened.Database.Source), key).ExportAsync(id);
            var file = output ?? Path.Combine(Directory.CreateDirectory(Path.Combine(settings.Data.Root, "exports")).FullName, $"{id}.json");
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(bundle, Wire.Json));
            Console.WriteLine($"{file}: {bundle.Events.Count} events, {bundle.Contents.Count} contents, {bundle.Roots.Count} signed roots.");
            return 0;
        }
        catch (KeyNotFoundException unknown)
        {
            throw new BadCall(unknown.Message);
        }
    }

    static async Task<int> Check(string file)
    {
        ProofBundle bundle;
        try
        {
            bundle = JsonSerializer.Deserialize<ProofBundle>(await File.ReadAllTextAsync(file), Wire.Json) is { Events: not null, Contents: not null, Roots: not null, PublicKey: not null } whole
                ? whole
                : throw new BadCall($"{file} is no proof bundle.");
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new BadCall($"{file} cannot be read as a proof bundle: {e.Message}");
        }
        var faults = bundle.Check();
        if (faults.Count == 0)
            Console.WriteLine($"The proof holds: {bundle.Events.Count} events of {bundle.StreamId}, {bundle.Contents.Count} contents, {bundle.Roots.Count} signed roots (key {SigningKey.IdOf(bundle.PublicKey)}).");
        else
            Tell(faults);
        return faults.Count == 0 ? 0 : 1;
    }

    static void Tell(IReadOnlyList<LogFault> faults)
    {
        Console.WriteLine($"The log is broken. First broken event: {Line(faults[0])}");
        foreach (var fault in faults.Skip(1).Take(19))
            Console.WriteLine($"  also: {Line(fault)}");
        if (faults.Count > 20)
            Console.WriteLine($"  and {faults.Count - 20} more.");
    }

    static string Line(LogFault fault) =>
        $"{fault.Kind}: {fault.StreamId} version {fault.Version}{(fault.Position is { } at ? $" (position {at})" : "")}: {fault.Detail}";
}
