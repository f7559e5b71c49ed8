using FsCheck;
using FsCheck.Fluent;
using Grace.Engine.Failures;

namespace Grace.Tests.Learning;

/// <summary>Messages and sightings for properties: real ones, scraps of them in any order, and any text at all.</summary>
static class Messages
{
    static readonly string[] Scraps =
    [
        "error CS0246: ", "'", "\"", "`", "/srv/a/b.cs", "(1,2)", ":3:4", "12", "3.5s", "<n>", "<path>", "KeyError", ": ", "\n", "\r", " ", "\u001b[31m", "deadbeef01",
        "127.0.0.1:80", "https://a.b/c", "pipeline_12", "node@18.2.1", "::", "@", "..", "\\", "not found", "Cannot find module ", "2025-03-01", "12:30:01", "0x1f", "E404", "~", "^1", "npm error ", "code ",
    ];

    public static readonly Gen<string> Generated = Gen.OneOf(
        Gen.Elements(LabelledFailures.All.Select(f => f.Message).Concat(Grace.Web.Bench.FailureSet.All.Select(f => f.Message)).ToArray()),
        Gen.Elements(Scraps).ListOf().Select(parts => string.Concat(parts)),
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get));

    public static readonly Arbitrary<string> Any = Generated.ToArbitrary();

    static readonly Gen<FailureSighting> Sighting =
        from message in Generated
        from kind in Gen.Elements("playbook.failed", "agent.tests.failed", "agent.phase.failed", "agent.recovery.failed", "agent.pipeline.rejected")
        from pipeline in Gen.Choose(1, 90)
        from phase in Gen.Elements<string?>("research", "implement", "test", "deploy", null)
        from playbook in Gen.Elements<string?>("build", "run-tests", null)
        from version in Gen.Choose(1, 40)
        from minutes in Gen.Choose(0, 100_000)
        select new FailureSighting(kind, $"pipeline_{pipeline}", phase, playbook, playbook is null ? null : version, null, message, new DateTimeOffset(2025, 3, 1, 12, 0, 0, TimeSpan.Zero).AddMinutes(minutes));

    public static readonly Arbitrary<FailureSighting[]> Sightings = Sighting.ArrayOf().ToArbitrary();
}
