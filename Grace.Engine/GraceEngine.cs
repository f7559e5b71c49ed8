using Grace.Engine.Access;
using Grace.Engine.Artifacts;
using Grace.Engine.Deployments;
using Grace.Engine.Design;
using Grace.Engine.Failures;
using Grace.Engine.Feed;
using Grace.Engine.Guardian;
using Grace.Engine.Hosting;
using Grace.Engine.Jobs;
using Grace.Engine.Knowledge;
using Grace.Engine.Learning;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Phases;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Engine.Postgres;
using Grace.Engine.Provenance;
using Grace.Engine.Tools;
using Grace.Engine.Webhooks;
using Grace.Engine.Workspaces;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace Grace.Engine;

/// <summary>The engine's table of contents.</summary>
public static class GraceEngine
{
    /// <param name="worker">Whether this process runs slots; without it, it only records commands and reads.</param>
    public static IServiceCollection AddGraceEngine(
        this IServiceCollection services, GraceOptions options, Database database, DataFolder data, bool worker)
    {
        services.AddSingleton(options).AddSingleton(options.Orchestrator).AddSingleton(options.Worker).AddSingleton(options.Deploy).AddSingleton(options.Knowledge).AddSingleton(options.Search).AddSingleton(options.Guardian).AddSingleton(database).AddSingleton(database.Source).AddSingleton(data);
        services.AddSingleton(TimeProvider.System);

        // the log, and its live end
        var log = services.AddMarten(s =>
        {
            var marten = new StoreOptions();
            LogStore.Configure(marten, database.Source);
            LogStore.Know(marten, EventNames.WireNames);
            marten.Projections.Add(new PipelineFold(), ProjectionLifecycle.Live);
            marten.Projections.Wakeup = new LogWakeup(s.GetRequiredService<LogTail>(), TimeProvider.System);
            if (worker)
                Follow(marten, s);
            return marten;
        });
        if (worker)
            log.AddAsyncDaemon(DaemonMode.HotCold);
        services.AddSingleton<LearningLoop>().AddSingleton<KnowledgeFollower>().AddSingleton<ArtifactUpkeep>().AddSingleton<PauseDeadlines>();
        services.AddSingleton<EventLog>().AddSingleton<LogWriter>().AddSingleton<LogSearch>().AddSingleton<LogSignal>().AddSingleton<ProgressFeed>().AddSingleton<ContentShelf>();
        services.AddSingleton<LogTail>().AddHostedService(s => s.GetRequiredService<LogTail>());
        services.AddHostedService<LogRelay>();
        services.AddSingleton(_ => SigningKey.Open(data)).AddSingleton<LogVerifier>().AddSingleton<ProofExport>();

        // commands and queries
        services.AddSingleton(new PipelinePolicy(options.Orchestrator.AutoRecover, options.Orchestrator.RecoveryAttempts, (state, phase) => ApprovalPolicy.Of(state, phase, options.Deploy)));
        services.AddSingleton<Orchestrator>().AddSingleton<PipelineQueries>();
        services.AddSingleton(s => new Vocabulary(
            s.GetRequiredService<ServiceTemplates>().Languages, options.Deploy.Names, () => s.GetRequiredService<PlaybookRegistry>().Now.InForce.All.ToDictionary(p => p.Id, p => p.Phase)));
        services.AddSingleton(new ServiceTemplates(data.Templates));
        services.AddSingleton<SubmissionChecks>().AddSingleton<Submissions>().AddSingleton<SeniorDeveloper>();
        services.AddSingleton<GuardianControl>().AddSingleton<MissionBoard>().AddSingleton<Visits>().AddSingleton<Inbox>().AddSingleton<IMessageBus, MessageBus>().AddSingleton<ApiKeys>();

        // learning
        services.AddSingleton(options.Learning).AddSingleton(new TrialSwitch(options.Learning.Enabled)).AddSingleton<PlaybookRates>().AddSingleton<LearningBook>().AddSingleton<Missions>().AddSingleton<MissionResearch>()
            .AddSingleton<Lessons>().AddSingleton<LearningQueries>().AddSingleton<LearningBoard>().AddSingleton<LearningReplay>();

        // artifacts: reviewed, searched, compared, and where their lines come from
        services.AddSingleton<ArtifactReviews>().AddSingleton<ArtifactQueries>().AddSingleton<ArtifactComparison>().AddSingleton<CodeFiles>();
        services.AddSingleton<CodeProvenance>().AddSingleton<Attestation>();

        // webhooks
        services.AddSingleton(options.Webhooks).AddSingleton<WebhookBell>().AddSingleton<WebhookBook>().AddSingleton<WebhookCall>().AddSingleton<WebhookDesk>();

        // slots
        services.AddSingleton<SlotBell>().AddSingleton<PhaseQueues>().AddSingleton<Dispatch>().AddHostedService(s => s.GetRequiredService<Dispatch>());
        services.AddSingleton(s => ActivatorUtilities.CreateInstance<ThisNode>(s, worker ? "worker" : "web")).AddSingleton<NodePause>().AddJobStore(database, options.Worker);
        services.AddSingleton<JobSignal>().AddHostedService(s => s.GetRequiredService<JobSignal>());
        services.AddSingleton<JobQueries>().AddSingleton<JobHistory>().AddSingleton<JobBoard>().AddSingleton<JobAdmin>();

        // agents, playbooks, tools
        services.AddSingleton(s => new PlaybookSources(PlaybookLibrary.Shipped().All, data.Playbooks, s.GetRequiredService<ToolBox>()));
        services.AddSingleton<PlaybookRegistry>().AddHostedService(s => s.GetRequiredService<PlaybookRegistry>());
        services.AddSingleton<PlaybookRun>().AddSingleton<ToolBox>().AddSingleton<PlaybookDesks>();
        services.AddSingleton<PhaseRunner>().AddSingleton<RecoveryAgent>().AddSingleton(new KnownIssues(data.KnownIssues));
        services.AddSingleton<PhaseAgent, ResearchAgent>().AddSingleton<PhaseAgent, DesignAgent>().AddSingleton<PhaseAgent, ImplementAgent>()
            .AddSingleton<PhaseAgent, TestAgent>().AddSingleton<PhaseAgent, DeployAgent>();
        services.AddSingleton(s => new Sandbox(data.Root, s.GetRequiredService<TimeProvider>(), tools: options.Tools.Path));
        services.AddSingleton<LocalEnvironment>();
        services.AddSingleton<RepositoryTests>().AddSingleton<RepositoryMends>().AddSingleton<KnowledgeBase>().AddSingleton<KnowledgeUpkeep>();
        services.AddSingleton<ITool, KnowledgeSearchTool>().AddSingleton<ITool, ComposeResearchTool>().AddSingleton<ITool>(new AnalyseRepositoryTool())
            .AddSingleton<ITool>(new ReadDocumentsTool([data.Knowledge, .. options.Knowledge.Folders]))
            .AddSingleton<ITool>(_ => new WebSearchTool(options.Search, new HttpClient { Timeout = TimeSpan.FromSeconds(20) }));
        services.AddSingleton<ServiceChooser>().AddSingleton<ITool, DesignServiceTool>().AddSingleton<ITool, WriteServiceTool>();
        services.AddSingleton<ITool, OpenRepositoryTool>().AddSingleton<ITool, CommitWorkspaceTool>().AddSingleton<ITool, RunTestsTool>()
            .AddSingleton<ITool, RunCommandTool>().AddSingleton<ITool, WriteFileTool>().AddSingleton<ITool, SearchFilesTool>().AddSingleton<ITool, GitTool>()
            .AddSingleton<ITool>(new HttpRequestTool(options.Tools));
        services.AddSingleton<ITool, AnalyseFailureTool>().AddSingleton<ITool, MendStyleTool>().AddSingleton<ITool, RerunTestsTool>()
            .AddSingleton<ITool, InstallPackagesTool>().AddSingleton<ITool, AwaitPortTool>().AddSingleton<ITool, AwaitDiskTool>().AddSingleton<ITool, ExtendTimeTool>()
            .AddSingleton<ITool, CheckEnvironmentTool>().AddSingleton<ITool, RecallLessonTool>();
        services.AddSingleton<ITool, PublishReleaseTool>().AddSingleton<ITool, StartReleaseTool>();

        return worker ? services.AddWorker() : services.AddHostedService<WebNode>();
    }

    /// <summary>What follows the log, on one worker at a time.</summary>
    static void Follow(StoreOptions marten, IServiceProvider s)
    {
        LogStore.Follow<LearningLoop>(marten, s, LearningLoop.Name, LearningLoop.Wanted);
        LogStore.Follow<KnowledgeFollower>(marten, s, KnowledgeFollower.Name, KnowledgeFollower.Wanted);
        LogStore.Follow<ArtifactUpkeep>(marten, s, ArtifactUpkeep.Name, ArtifactUpkeep.Wanted);
        LogStore.Follow<PauseDeadlines>(marten, s, PauseDeadlines.Name, PauseDeadlines.Wanted);
    }

    static IServiceCollection AddWorker(this IServiceCollection services)
    {
        services.AddSingleton<Leases>().AddHostedService(s => s.GetRequiredService<Leases>());
        services.AddSingleton<Stretch>().AddSingleton<JobServer>().AddHostedService(s => s.GetRequiredService<JobServer>());
        services.AddHostedService<Seal>();
        services.AddHostedService(s => s.GetRequiredService<KnowledgeUpkeep>());
        services.AddHostedService<WebhookPost>();
        return services;
    }
}
