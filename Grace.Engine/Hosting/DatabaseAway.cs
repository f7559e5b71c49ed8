using Npgsql;

namespace Grace.Engine.Hosting;

/// <summary>A database that does not answer: how to tell, and how to go on when it is back.</summary>
public static class DatabaseAway
{
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>Whether something failed because of that, and not for what was given; libraries wrap what their driver says.</summary>
    public static bool IsCauseOf(Exception? exception) => RefusedData.In(exception) is null && IsOrWraps(exception);

    static bool IsOrWraps(Exception? exception) =>
        exception is NpgsqlException or TimeoutException || (exception is not null && IsOrWraps(exception.InnerException));

    /// <summary>Work without an end: begun anew, a second later, whenever the database went away under it.</summary>
    /// <param name="interrupted">Is told why, each time.</param>
    public static async Task BeginAnewAsync(Func<CancellationToken, Task> work, Action<string> interrupted, TimeProvider clock, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await work(stop);
            }
            catch (Exception e) when (e is IOException || IsCauseOf(e))
            {
                interrupted(e.Message);
                await Task.Delay(Again, clock, stop);
            }
        }
    }
}
