using System.Text.Json;
using Marten.Services;

namespace Grace.Engine.Log;

/// <summary>Has Marten write JSON as <see cref="Wire"/> does; its own options for casing and enums would replace ours.</summary>
static class WireSerializer
{
    public static SystemTextJsonSerializer Create()
    {
        var serializer = new SystemTextJsonSerializer(Wire.Json);
        serializer.Configure(options => options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        return serializer;
    }
}
