using Grace.Engine.Failures;

namespace Grace.Engine.Learning;

/// <summary>Section <c>Grace:Learning</c>: when failures become missions, and how candidates are tried.</summary>
public sealed class LearningOptions
{
    /// <summary>False: failures are still counted and clustered, but nothing is launched, tried, promoted or taken back.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>What a candidate needs before it gets a share of the runs: <c>person</c>, or <c>trial</c> for nothing.</summary>
    public string Approval { get; set; } = "person";

    /// <summary>A failure that was seen this often …</summary>
    public int Count { get; set; } = 3;

    /// <summary>… in this many pipelines …</summary>
    public int Pipelines { get; set; } = 3;

    /// <summary>… within this time recurs, and launches a mission.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The share of the pipelines that try a candidate, above 0 to 1.</summary>
    public double TrialShare { get; set; } = 0.5;

    /// <summary>The chance, over all looks of a trial together, to call a difference what is none.</summary>
    public double Significance { get; set; } = 0.05;

    /// <summary>After a rollback, so long nothing new is proposed for the same playbook.</summary>
    public TimeSpan Cooldown { get; set; } = TimeSpan.FromHours(24);

    public IEnumerable<string> Check()
    {
        if (Approval is not ("person" or "trial"))
            yield return $"Grace:Learning:Approval is '{Approval}'; allowed are person, trial.";
        if (Count is < 2 or > 10_000)
            yield return $"Grace:Learning:Count is {Count}; allowed is 2 to 10000.";
        if (Pipelines is < 1 or > Cluster.MostRecent || Pipelines > Count)
            yield return $"Grace:Learning:Pipelines is {Pipelines}; allowed is 1 to {Math.Min(Count, Cluster.MostRecent)}, and no more than Grace:Learning:Count.";
        if (Window < TimeSpan.FromMinutes(1))
            yield return $"Grace:Learning:Window is {Window}; allowed is 00:01:00 and more.";
        if (TrialShare is not (> 0 and <= 1))
            yield return $"Grace:Learning:TrialShare is {TrialShare}; allowed is above 0, to 1.";
        if (Significance is not (> 0 and < 0.5))
            yield return $"Grace:Learning:Significance is {Significance}; allowed is above 0, below 0.5.";
        if (Cooldown < TimeSpan.Zero)
            yield return $"Grace:Learning:Cooldown is {Cooldown}; allowed is 0 and more.";
    }
}
