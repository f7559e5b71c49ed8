using Grace.Engine.Log;

namespace Grace.Engine.Learning;

/// <summary>The missions' one shell: reads, decides, appends, again on conflict.</summary>
public sealed class Missions(EventLog log, LogWriter writer, TimeProvider clock)
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
            await using var write = writer.Begin(new(by), now);
            write.Append(id, state.Version, events);
            try
            {
                await write.CommitAsync(cancel);
                return events.Aggregate(state, (s, e) => s.Evolve(e, now, by));
            }
            catch (StreamMoved) when (conflicts < MostConflicts)
            {
            }
        }
    }
}
