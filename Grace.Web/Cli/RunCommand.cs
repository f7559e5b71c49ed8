using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine;
using Grace.Engine.Design;
using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Grace.Web.Api;
using Grace.Web.Live;

namespace Grace.Web.Cli;

/// <summary><c>grace run</c>: one pipeline to its end, on the same engine as the server.</summary>
static class RunCommand
{
    const string Usage = "grace run \"TASK\" [--context KEY=VALUE]… [--phases research,design,…] [--repository PATH|URL] [--data DIR] [--keep] [--json]";

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var (json, keep, data) = (arguments.Flag("--json"), arguments.Flag("--keep"), arguments.Value("--data"));
        var context = Context(arguments.Values("--context"));
        var phases = arguments.Value("--phases")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var repository = arguments.Value("--repository");
        var given = arguments.Settings();
        var task = arguments.Word() ?? throw new BadCall($"The task is missing. {Usage}");
        arguments.End(Usage);
        var settings = Settings.Load(data, given);
        Action<string> say = json ? Console.Error.WriteLine : Console.WriteLine;
        Submission submission = new(task, context, phases, repository is null ? null : Location(repository));
        if (await RefusedAsync(submission, settings, say))
            return 2;

        await using var opened = await OpenDatabase.OpenAsync(settings, say);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        Logs.Configure(builder, settings, console: false);
        builder.Services.AddGraceEngine(settings.Options, opened.Database, settings.Data, worker: true).AddSingleton<Feed>();
        using var host = builder.Build();
        await host.StartAsync();
        try
        {
            return await FollowAsync(host.Services, submission, json, keep, say);
        }
        finally
        {
            await host.StopAsync(TimeSpan.FromSeconds(20));
        }
    }

    /// <summary>Whether it cannot work whatever the database holds: said before one is made.</summary>
    static async Task<bool> RefusedAsync(Submission submission, Settings settings, Action<string> say)
    {
        // Which playbooks there are, only the database knows.
        var context = (JsonObject)submission.Context.DeepClone();
        context.Remove("playbooks");
        var known = new Vocabulary(new ServiceTemplates(settings.Data.Templates).Languages, settings.Options.Deploy.Names, () => new Dictionary<string, Phase?>());
        var (wanted, phases, errors) = await new SubmissionChecks(settings.Data).WholeAsync(submission with { Context = context }, known, CancellationToken.None);
        Tell(errors);
        if (errors.Count == 0 && SubmissionChecks.Question(wanted, phases) is { } question)
            say($"[GUARDIAN] Before it starts: {question.Risk} It will wait for a person before anything is designed. {question.Remedy}{Environment.NewLine}");
        return errors.Count > 0;
    }

    static void Tell(IReadOnlyList<FieldError> errors)
    {
        foreach (var error in errors)
            Console.Error.WriteLine($"{error.Field}: {error.Message}");
    }

    static async Task<int> FollowAsync(IServiceProvider services, Submission submission, bool json, bool keep, Action<string> say)
    {
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            interrupted.Cancel();
        };
        using var ended = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(interrupted.Cancel);
        Pipeline pipeline;
        try
        {
            pipeline = await services.GetRequiredService<Submissions>().SubmitAsync(submission, $"{Environment.UserName}@cli", null, interrupted.Token);
        }
        catch (SubmissionRefused refused)
        {
            Tell(refused.Errors);
            return 2;
        }
        var narrator = new Narrator(pipeline.Id, say);
        services.GetRequiredService<ProgressFeed>().Heard += narrator.Hear;
        try
        {
            await foreach (var e in services.GetRequiredService<Feed>().FromVersionAsync(pipeline.Id, 0, interrupted.Token))
            {
                narrator.Tell(e);
                if (narrator.State.Status.IsFinal() || narrator.State.Status is PipelineStatus.WaitingForGuardian or PipelineStatus.Paused)
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            say($"Interrupted. {pipeline.Id} is kept; the next grace command on this data folder goes on with it.");
            return 1;
        }
        await Conclude(services, narrator.State, json, keep, say);
        return narrator.State.Status switch
        {
            PipelineStatus.Completed => 0,
            PipelineStatus.WaitingForGuardian or PipelineStatus.Paused => 3,
            _ => 1,
        };
    }

    static async Task Conclude(IServiceProvider services, Pipeline pipeline, bool json, bool keep, Action<string> say)
    {
        var workspace = services.GetRequiredService<DataFolder>().Workspace(pipeline.Id);
        say("");
        foreach (var artifact in pipeline.Artifacts.Where(a => a.Attempt == pipeline[a.Phase].Attempt))
            say($"  {artifact.ArtifactType,-20} {artifact.ArtifactId}  {artifact.Size} bytes  {artifact.ContentHash}");
        if (Directory.Exists(workspace))
            say($"Result: {workspace}");
        if (pipeline.Status is PipelineStatus.WaitingForGuardian or PipelineStatus.Paused)
            say($"{pipeline.Id} is {pipeline.Status.Name()}: decide on the dashboard (./grace serve).");
        if (pipeline is { Status: PipelineStatus.WaitingForGuardian, Question: not null })
            say("Or say which data it keeps and start again: --context 'resources=Bookmark(title: string, url: uri)'");
        JsonNode? deployed = null;
        if (pipeline.CurrentArtifacts.LastOrDefault(a => a.Phase == Phase.Deploy) is { } manifest)
            deployed = JsonNode.Parse(await services.GetRequiredService<ContentShelf>().ReadAsync(manifest.ContentHash));
        if (deployed?["address"] is { } address)
            say($"Deployed: {address} (health: {address}{deployed["health_path"]})");
        if (deployed is not null && !keep)
        {
            await services.GetRequiredService<Engine.Deployments.LocalEnvironment>().StopAsync(deployed["environment"]!.GetValue<string>(), deployed["service"]!.GetValue<string>());
            say("The service was stopped with this command; pass --keep to leave it running.");
        }
        else if (deployed is not null)
            say($"The service keeps running (pid {deployed["pid"]}); stop it with: kill {deployed["pid"]}");
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(PipelineJson.Detail(pipeline, pipeline.UpdatedAt), Wire.Indented));
    }

    /// <summary>KEY=VALUE, where a value that is JSON (true, 3, ["a"]) is taken as JSON.</summary>
    static JsonObject Context(List<string> pairs)
    {
        var context = new JsonObject();
        foreach (var pair in pairs)
        {
            if (pair.Split('=', 2) is not [{ Length: > 0 } key, var value])
                throw new BadCall($"--context is '{pair}'; it must be KEY=VALUE.");
            try
            {
                context[key] = JsonNode.Parse(value);
            }
            catch (JsonException)
            {
                context[key] = value;
            }
        }
        return context;
    }

    static string Location(string repository) => Directory.Exists(repository) ? Path.GetFullPath(repository) : repository;
}
