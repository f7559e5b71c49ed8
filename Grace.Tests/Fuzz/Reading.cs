using System.Diagnostics;
using System.Text.Json;

namespace Grace.Tests.Fuzz;

/// <summary>What reading a stranger's text may end in.</summary>
static class Reading
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <param name="refusals">What the reader announces; anything else that it throws is a fault of the reader.</param>
    public static void Survives(int seed, Action<string> read, Type[] refusals, params string[] seeds)
    {
        foreach (var text in Mangled.Of(seed, seeds))
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                read(text);
            }
            catch (Exception e) when (refusals.Contains(e.GetType()) || refusals.Any(r => r.IsInstanceOfType(e)))
            {
            }
            catch (Exception unforeseen)
            {
                throw new InvalidOperationException($"It ends in {unforeseen.GetType().Name}: {unforeseen.Message}\n{unforeseen.StackTrace}\non:\n{JsonSerializer.Serialize(text.Length > 2000 ? text[..2000] : text)}", unforeseen);
            }
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Longest, text.Length > 2000 ? text[..2000] : text);
        }
    }
}
