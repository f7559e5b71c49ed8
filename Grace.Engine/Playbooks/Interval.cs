using MathNet.Numerics.Distributions;

namespace Grace.Engine.Playbooks;

/// <summary>What a success rate can be, given what was seen: Wilson's score interval at 95 %. Both ends from 0 to 1.</summary>
public readonly record struct Interval(double Low, double High)
{
    static readonly double Z = Normal.InvCDF(0, 1, 0.975);

    public static Interval Of(PlaybookRate seen)
    {
        if (seen.Runs == 0)
            return new(0, 1);
        var (n, p) = ((double)seen.Runs, (double)seen.Successes / seen.Runs);
        var middle = p + (Z * Z / (2 * n));
        var spread = Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n)));
        var scale = 1 + (Z * Z / n);
        return new(Math.Max(0, (middle - spread) / scale), Math.Min(1, (middle + spread) / scale));
    }
}
