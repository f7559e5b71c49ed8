using Grace.Engine.Pipelines;

namespace Grace.Web.Components.Parts;

/// <summary>Rows of pipelines as mission control says them.</summary>
static class MissionText
{
    public static string Short(string task) => task.Length <= 160 ? task : task[..160] + "…";

    public static List<PhaseRail.Item> Rail(PipelineSummary p) => [.. p.Phases.Zip(p.PhaseStatuses, (name, status) => new PhaseRail.Item(name, status))];

    public static DateTimeOffset Utc(DateTime at) => new(DateTime.SpecifyKind(at, DateTimeKind.Utc));

    public static string Count(long count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";
}
