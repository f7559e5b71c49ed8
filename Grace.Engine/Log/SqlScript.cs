using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Weasel.Core;
using Weasel.Postgresql;

namespace Grace.Engine.Log;

/// <summary>
/// A script that can run again and again, as an object of Marten's migrations. Which state of it was run last stands as the
/// comment of a table that it makes, so that a start with nothing new runs nothing.
/// </summary>
sealed class SqlScript(string sql, string table) : ISchemaObject
{
    readonly string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)))[..16];

    public DbObjectName Identifier { get; } = PostgresqlProvider.Instance.Parse(table);

    public void WriteCreateStatement(Migrator migrator, TextWriter writer)
    {
        writer.WriteLine(sql);
        writer.WriteLine($"comment on table {table} is '{hash}';");
    }

    public void WriteDropStatement(Migrator migrator, TextWriter writer) =>
        throw new NotSupportedException($"What {table} holds is never dropped.");

    public void ConfigureQueryCommand(Weasel.Core.DbCommandBuilder builder) => builder.Append($"select obj_description(to_regclass('{table}'), 'pg_class');");

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
    {
        var ran = await reader.ReadAsync(ct) && !await reader.IsDBNullAsync(0, ct) ? reader.GetString(0) : null;
        return new SchemaObjectDelta(this, ran == hash ? SchemaPatchDifference.None : SchemaPatchDifference.Create);
    }

    public IEnumerable<DbObjectName> AllNames() => [Identifier];
}
