using JasperFx;
using JasperFx.Events;
using Marten;
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
}
