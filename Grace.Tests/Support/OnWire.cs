using Grace.Engine.Feed;
using Grace.Engine.Log;

namespace Grace.Tests.Support;

/// <summary>An event as the log keeps it: its wire name, and its JSON by the very serializer that Marten is given.</summary>
static class OnWire
{
    static readonly Dictionary<Type, string> Names = EventNames.WireNames.ToDictionary(e => e.Type, e => e.Name);

    public static (string Type, string Data) Write(object change) => (Names[change.GetType()], WireSerializer.Create().ToJson(change));
}
