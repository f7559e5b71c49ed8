namespace Grace.Engine.Postgres;

/// <summary>The database was written by a version that kept its log in tables of its own. Nothing of it was touched.</summary>
public sealed class EarlierLayoutException(string database) : Exception(
    $"The database '{database}' holds a log in the layout of an earlier version, which this one does not read and has left as it is. "
    + "Start with an empty database or another --data folder; what is to be kept can be exported with the version that wrote it (./grace log export ID).");
