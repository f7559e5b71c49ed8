using Grace.Engine.Hosting;
using Marten;
using Weasel.Core;
using Weasel.Core.Migrations;

namespace Grace.Engine.Log;

/// <summary>Everything of ours in the database, registered with Marten so that one migration makes and checks it all.</summary>
sealed class LogFeature(StoreOptions options) : FeatureSchemaBase("grace", options.Advanced.Migrator)
{
    /// <summary>In this order, each with the table that keeps which state of the script was run.</summary>
    static readonly (string Script, string Table)[] Scripts =
    [
        ("Log/Sql/log.sql", "grace.log_proofs"), ("Pipelines/Sql/pipelines.sql", "grace.pipelines"), ("Orchestration/Sql/slots.sql", "grace.slots"),
        ("Jobs/Sql/nodes.sql", "grace.nodes"), ("Knowledge/Sql/knowledge.sql", "grace.knowledge_documents"), ("Learning/Sql/learning.sql", "grace.playbook_runs"),
        ("Artifacts/Sql/artifacts.sql", "grace.artifacts"), ("Webhooks/Sql/webhooks.sql", "grace.webhooks"), ("Access/Sql/access.sql", "grace_access.keys"),
    ];

    protected override IEnumerable<ISchemaObject> schemaObjects() => Scripts.Select(s => new SqlScript(Resources.Read(s.Script), s.Table));
}
