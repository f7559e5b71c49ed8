using Npgsql;

namespace Grace.Engine.Hosting;

/// <summary>
/// Data that PostgreSQL does not store (a NUL in JSON, an index row too large). It is a fault of whatever was given, which no
/// trying again mends, and none of the database.
/// </summary>
public static class RefusedData
{
    /// <summary>The refusal that an exception is or wraps: class 22, data exception, or 54, program limit exceeded. Null when it is another.</summary>
    public static PostgresException? In(Exception? exception) => exception switch
    {
        null => null,
        PostgresException { SqlState: ['2', '2', ..] or ['5', '4', ..] } refused => refused,
        _ => In(exception.InnerException),
    };

    /// <summary>In words that can be stored.</summary>
    /// <param name="what">What was given, e.g. "this phase made".</param>
    public static string Says(PostgresException refused, string what) =>
        $"PostgreSQL does not store what {what} ({refused.SqlState}: {string.Concat(refused.MessageText.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)))}).";
}
