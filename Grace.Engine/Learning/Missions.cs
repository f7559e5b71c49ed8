using Grace.Engine.Log;
using Npgsql;

namespace Grace.Engine.Learning;

/// <summary>The missions' one shell: reads, decides, appends, again on conflict.</summary>
public sealed class Missions(NpgsqlDataSource database, EventLog log, LogSignal signal, TimeProvider clock)
{
    const int MostConflicts = 20;

    public async Task<Mission> LoadAsync(string id, CancellationToken cancel) =>
        Mission.Fold(id, (await log.ReadStreamAsync(id, cancel: cancel)).Select(e => (MissionEvents.Read(e.Type, e.Data), e.At, e.By)));

    public async Task<Mission> ExecuteAsync(string id, Func<Mission, IReadOnlyList<MissionEvent>> decide, string by, CancellationToken cancel)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            var state = await LoadAsync(id, cancel);
            var events = decide(state);
            if (events.Count == 0)
                return state;
            var now = clock.GetUtcNow();
            await using var batch = database.CreateBatch();
            batch.BatchCommands.Add(EventLog.Append(id, MissionEvents.StreamType, state.Version, [.. events.Select(MissionEvents.Write)], now, new(by)));
            try
            {
                signal.Commit(await Appended.RunAsync(batch, cancel));
                return events.Aggregate(state, (s, e) => s.Evolve(e, now, by));
            }
            catch (PostgresException moved) when (moved.SqlState == "GR001" && conflicts < MostConflicts)
            {
            }
        }
    }
}
