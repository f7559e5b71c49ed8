using Grace.Tests.Access;
using Grace.Tests.Browser;
using Grace.Tests.Crash;
using Grace.Tests.Design;
using Grace.Tests.Run;
using Grace.Tests.Workspaces;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Grace.Tests.Support.LongestFirst", "Grace.Tests")]

namespace Grace.Tests.Support;

/// <summary>
/// The classes that take long begin first, so that no core waits at the end for one that began last. Nothing but the
/// time of the run depends on it.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] Long =
    [
        typeof(MainJobTests), typeof(KillTests), typeof(ChaosTests), typeof(JourneyTests), typeof(ExplainJourneyTests), typeof(ListJourneyTests),
        typeof(DotnetRepositoryTests), typeof(LanguageServiceTests), typeof(FeedJourneyTests), typeof(LearningJourneyTests), typeof(JobJourneyTests),
        typeof(StartJourneyTests), typeof(LogJourneyTests), typeof(AccountsJourneyTests), typeof(OversightJourneyTests), typeof(RecoveryJobTests),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(Place);

    private static int Place(ITestCollection collection)
    {
        // xunit names the collection that a class has for itself after the class.
        var place = Array.FindIndex(Long, type => collection.DisplayName.EndsWith(type.FullName!, StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
