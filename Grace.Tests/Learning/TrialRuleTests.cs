using FsCheck;
using FsCheck.Xunit;
using Grace.Engine.Learning;
using Grace.Engine.Playbooks;

namespace Grace.Tests.Learning;

/// <summary>When a candidate is better or worse beyond chance.</summary>
public class TrialRuleTests
{
    [Theory]
    [InlineData(5, 5, 5, 0, 0, TrialVerdict.Better)]
    [InlineData(5, 0, 5, 5, 0, TrialVerdict.Worse)]
    [InlineData(5, 4, 5, 1, 0, TrialVerdict.Open)]
    [InlineData(20, 18, 20, 8, 2, TrialVerdict.Better)]
    [InlineData(80, 41, 80, 40, 4, TrialVerdict.NoBetter)]
    public void It_is_decided_only_beyond_chance(int runs, int good, int controlRuns, int controlGood, int looked, TrialVerdict verdict)
    {
        var look = TrialRule.Look(new(runs, good), new(controlRuns, controlGood), looked, 0.05);
        look.Verdict.ShouldBe(verdict, look.Reason);
        look.Evidence["bound"]!.GetValue<double>().ShouldBe(0.005, 1e-12);
        look.Evidence["candidate"]!["interval_95"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public void It_is_looked_at_at_set_sizes_only()
    {
        TrialRule.IsDue(new(4, 4), new(9, 0), 0).ShouldBeFalse();
        TrialRule.IsDue(new(5, 5), new(4, 0), 0).ShouldBeFalse();
        TrialRule.IsDue(new(5, 5), new(5, 0), 0).ShouldBeTrue();
        TrialRule.IsDue(new(9, 5), new(9, 0), 1).ShouldBeFalse();
        TrialRule.IsDue(new(500, 5), new(500, 0), TrialRule.Looks.Length).ShouldBeFalse();
    }

    /// <summary>Fisher's tea: 8 cups, 4 of each; all right by chance once in 70.</summary>
    [Fact]
    public void The_chance_is_Fishers() => TrialRule.Chance(new(4, 4), new(4, 0)).ShouldBe(1 / 70d, 1e-12);

    [Property(MaxTest = 300)]
    public bool A_chance_is_one_and_never_both_sides_are_sure(byte a, byte b, byte c, byte d)
    {
        var (one, other) = (new PlaybookRate(Math.Max(a, b), Math.Min(a, b)), new PlaybookRate(Math.Max(c, d), Math.Min(c, d)));
        var (better, worse) = (TrialRule.Chance(one, other), TrialRule.Chance(other, one));
        return better is >= 0 and <= 1 + 1e-9 && worse is >= 0 and <= 1 + 1e-9 && better + worse >= 1 - 1e-9;
    }

    /// <summary>Between two that are alike, a whole trial errs no more often than it says.</summary>
    [Fact]
    public void What_is_alike_is_rarely_told_apart()
    {
        var random = new System.Random(7);
        var wrong = Enumerable.Range(0, 2000).Count(_ =>
        {
            var (one, other) = (new PlaybookRate(0, 0), new PlaybookRate(0, 0));
            for (var looked = 0; looked < TrialRule.Looks.Length; looked++)
            {
                while (one.Runs < TrialRule.Looks[looked])
                    (one, other) = (Ran(one, random), Ran(other, random));
                if (TrialRule.Look(one, other, looked, 0.05).Verdict is TrialVerdict.Better or TrialVerdict.Worse)
                    return true;
            }
            return false;
        });
        (wrong / 2000d).ShouldBeLessThan(0.05);
    }

    static PlaybookRate Ran(PlaybookRate rate, System.Random random) => new(rate.Runs + 1, rate.Successes + (random.NextDouble() < 0.7 ? 1 : 0));
}
