namespace Grace.Engine.Design;

/// <summary>What a service is written with here, and where that is not what was asked for.</summary>
/// <param name="Framework">As its templates call it; null where they name none.</param>
/// <param name="Instead">Why it is not the framework that was asked for, in a few words; null where it is, or none was.</param>
/// <param name="Assumptions">The same for a reader of the design, one for each wish that is not met.</param>
public sealed record ServiceChoice(string? Framework, string? Instead, IReadOnlyList<string> Assumptions)
{
    /// <summary>The beginning of an assumption about a wish.</summary>
    public static string About(string wish) => $"{Declaration.Shorten(wish)} is asked for";

    /// <summary>A design that says so, and no longer what an earlier choice found about these wishes.</summary>
    public ServiceDesign Settle(ServiceDesign design, params IEnumerable<string?> wishes)
    {
        var settled = wishes.OfType<string>().Select(wish => About(wish) + ";").ToList();
        return design with { Assumptions = [.. design.Assumptions.Where(a => !settled.Any(s => a.StartsWith(s, StringComparison.Ordinal))), .. Assumptions] };
    }
}
