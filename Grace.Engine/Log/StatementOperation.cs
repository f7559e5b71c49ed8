using System.Data.Common;
using System.Text.RegularExpressions;
using Marten.Internal.Operations;
using Npgsql;
using Weasel.Core;
using Weasel.Postgresql;
using Weasel.Storage;

namespace Grace.Engine.Log;

/// <summary>One of our statements as part of a Marten session: it travels and commits with the session's events.</summary>
partial class StatementOperation(NpgsqlBatchCommand statement) : Marten.Internal.Operations.IStorageOperation
{
    public Type DocumentType => typeof(StatementOperation);

    public OperationRole Role() => OperationRole.Other;

    /// <summary>Marten numbers parameters itself, so the text is handed over in pieces, each parameter where it stands.</summary>
    public void ConfigureCommand(Weasel.Postgresql.ICommandBuilder builder, IStorageSession session)
    {
        var text = statement.CommandText;
        var at = 0;
        foreach (Match match in Placeholder().Matches(text))
        {
            builder.Append(text[at..match.Index]);
            var given = statement.Parameters[int.Parse(match.ValueSpan[1..], System.Globalization.CultureInfo.InvariantCulture) - 1];
            builder.AppendParameter(given.Value!, given.NpgsqlDbType);
            at = match.Index + match.Length;
        }
        builder.Append(text[at..]);
    }

    public virtual Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;

    [GeneratedRegex(@"\$\d+")]
    private static partial Regex Placeholder();
}

/// <summary>A statement that returns no rows.</summary>
sealed class SilentStatement(NpgsqlBatchCommand statement) : StatementOperation(statement), NoDataReturnedCall;

/// <summary>A statement whose rows are read, one call a row.</summary>
sealed class AnsweredStatement(NpgsqlBatchCommand statement, Action<NpgsqlDataReader> row, Func<Exception?>? wrong) : StatementOperation(statement)
{
    public override async Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token)
    {
        while (await reader.ReadAsync(token))
            row((NpgsqlDataReader)reader);
        if (wrong?.Invoke() is { } why)
            exceptions.Add(why);
    }
}
