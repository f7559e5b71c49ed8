namespace Grace.Engine.Guardian;

/// <summary>Section <c>Grace:Guardian</c>.</summary>
public sealed class GuardianOptions
{
    /// <summary>A pause that lasts longer waits for the Guardian; after half of it a person is reminded.</summary>
    public TimeSpan PauseLimit { get; set; } = TimeSpan.FromHours(24);

    public IEnumerable<string> Check()
    {
        if (PauseLimit < TimeSpan.FromSeconds(1))
            yield return $"Grace:Guardian:PauseLimit is {PauseLimit}; allowed is 00:00:01 and more.";
    }
}
