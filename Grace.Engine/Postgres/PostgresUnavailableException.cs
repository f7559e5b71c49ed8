namespace Grace.Engine.Postgres;

/// <summary>The embedded server cannot run here. The message says why and what to do, in words for the user.</summary>
public sealed class PostgresUnavailableException(string message) : Exception(message);
