using Npgsql;

namespace Grace.Engine.Postgres;

/// <summary>Whether something failed because the database does not answer; libraries wrap what their driver says.</summary>
public static class DatabaseAway
{
    public static bool IsCauseOf(Exception? exception) =>
        exception is NpgsqlException or TimeoutException || (exception is not null && IsCauseOf(exception.InnerException));
}
