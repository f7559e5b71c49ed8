using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Grace.Engine.Log;

/// <summary>An event's type as the code knows it, and the name that it has in the log for ever.</summary>
public readonly record struct WireName(Type Type, string Name);

/// <summary>What Marten is told: one schema, streams by name, our wire names and JSON, and what is ours beside its tables.</summary>
public static class LogStore
{
    public const string Schema = "grace";

    /// <summary>The part that the tables depend on; the same for whoever migrates and whoever works.</summary>
    public static void Configure(StoreOptions options, NpgsqlDataSource source)
    {
        options.Connection(source);
        options.DatabaseSchemaName = options.Events.DatabaseSchemaName = Schema;
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.Serializer(WireSerializer.Create());
        options.Events.StreamIdentity = StreamIdentity.AsString;
        // Timestamps are given with the events, in microseconds: a state folded before the commit equals one read after it.
        options.Events.AppendMode = EventAppendMode.QuickWithServerTimestamps;
        // Whoever comes second waits and then finds another version, instead of leaving a hole in the sequence.
        options.Events.UseExclusiveLockOnConcurrentAppends = true;
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.CausationIdEnabled = true;
        options.Events.MetadataConfig.UserNameEnabled = true;
        // Who appends knows best what to try again: a lost lease never, a lost connection only after a look at the stream.
        options.ConfigurePolly(_ => { });
        options.ConfigureWritePolly(_ => { });
        options.Storage.Add(new LogFeature(options));
        // A follower that cannot take an event stops and tries again: passing it over would lose it in silence.
        options.Projections.Errors.SkipApplyErrors = options.Projections.Errors.SkipSerializationErrors = false;
        options.Projections.LeadershipPollingTime = 2000;
        options.Projections.AgentPauseTime = TimeSpan.FromSeconds(1);
    }

    /// <summary>Makes and brings up to date Marten's tables and ours, as the role that owns them.</summary>
    public static async Task MigrateAsync(NpgsqlDataSource owner)
    {
        using var store = DocumentStore.For(options =>
        {
            Configure(options, owner);
            // Marten has tables for events only where it knows one; which does not matter.
            options.Events.AddEventType(typeof(object));
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
    }

    public static void Know(StoreOptions options, IEnumerable<WireName> events)
    {
        foreach (var (type, name) in events)
            options.Events.MapEventType(type, name);
    }

    /// <summary>Adds a follower of the log to the daemon.</summary>
    /// <param name="wanted">The events it is given; its progress goes over all.</param>
    public static void Follow<T>(StoreOptions options, IServiceProvider services, string name, IEnumerable<Type> wanted) where T : LogFollower =>
        options.Projections.Subscribe(new LateFollower<T>(services), subscription =>
        {
            subscription.Name = name;
            subscription.Options.BatchSize = 100;
            foreach (var type in wanted)
                subscription.IncludeType(type);
        });

    /// <summary>A follower may write to the log itself, so it cannot be made while the store is.</summary>
    sealed class LateFollower<T>(IServiceProvider services) : ISubscription where T : LogFollower
    {
        public Task<IChangeListener> ProcessEventsAsync(EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken) =>
            services.GetRequiredService<T>().ProcessEventsAsync(page, operations, cancellationToken);
    }
}
