using System.Globalization;

namespace Grace.Web.Components.Parts;

/// <summary>Times as people say them.</summary>
static class Ago
{
    public static string Duration(double seconds) => seconds switch
    {
        < 10 => $"{seconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
        < 120 => $"{seconds:0} s",
        < 7200 => $"{seconds / 60:0} min",
        _ => $"{seconds / 3600:0} h",
    };

    public static string Since(DateTimeOffset at, DateTimeOffset now) => (now - at).TotalSeconds switch
    {
        < 5 => "just now",
        < 120 and var s => $"{Math.Floor(s):0} s ago",
        < 172_800 => $"{Duration(Math.Floor((now - at).TotalSeconds))} ago",
        var s => $"{s / 86400:0} days ago",
    };
}
