using System.Globalization;

namespace Grace.Engine.Pipelines;

/// <summary>
/// What a pipeline may use, from <c>limits</c> in its context: minutes since it started and attempts of all phases
/// together. A used-up budget pauses it; each resume then grants one more phase, an override a larger budget.
/// </summary>
static class Budget
{
    public static string? WhyUsedUp(Pipeline state, DateTimeOffset now)
    {
        // Right after a resume the person has decided; asking again before anything ran would be no progress.
        if (state.AheadOfQueue || state.Context["limits"] is not System.Text.Json.Nodes.JsonObject limits)
            return null;
        var (minutes, attempts) = ((now - (state.StartedAt ?? now)).TotalMinutes, state.Phases.Sum(p => p.Attempt));
        if (ContextRules.Number(limits["minutes"]) is { } most && minutes >= most)
            return string.Create(CultureInfo.InvariantCulture, $"The budget of {most} minutes is used up ({minutes:0.0} passed).");
        return ContextRules.Number(limits["attempts"]) is { } tries && attempts >= tries
            ? string.Create(CultureInfo.InvariantCulture, $"The budget of {tries} attempts is used up.")
            : null;
    }
}
