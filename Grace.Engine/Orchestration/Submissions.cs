using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Text;
using Npgsql;

namespace Grace.Engine.Orchestration;

/// <summary>The same Idempotency-Key came with another request.</summary>
public sealed class KeyReused(string key) : Exception($"The Idempotency-Key '{key}' was used with another request; use a new key for a new request.");

/// <summary>Turns submissions into pipelines: the checks, the repository's existence, one answer a key.</summary>
public sealed class Submissions(Orchestrator orchestrator, NpgsqlDataSource database, SubmissionChecks checks, Vocabulary known, TimeProvider clock)
{
    /// <exception cref="SubmissionRefused">It cannot work; says why, by field.</exception>
    /// <exception cref="KeyReused">The key belongs to another request.</exception>
    public async Task<Pipeline> SubmitAsync(Submission given, string by, string? key, CancellationToken cancel = default)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Of(JsonSerializer.SerializeToNode(given, Wire.Json)))));
        if (key is not null && await Earlier(key, by, hash, cancel) is { } earlier)
            return await orchestrator.LoadAsync(earlier, cancel: cancel);
        var (wanted, phases, errors) = await checks.WholeAsync(given, known, cancel);
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);

        var id = $"pipeline_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        NpgsqlBatchCommand? claim = key is null ? null : new("""
            insert into grace.idempotency_keys (caller, key, request_hash, pipeline_id, at) values ($1, $2, $3, $4, $5)
            """)
        {
            Parameters =
            {
                new() { Value = by }, new() { Value = key }, new() { Value = hash }, new() { Value = id }, new() { Value = clock.GetUtcNow() },
            },
        };
        try
        {
            var submit = new PipelineCommand.Submit(wanted.Task.Trim(), wanted.Context, phases, wanted.Repository, by, wanted.Plan, SubmissionChecks.Question(wanted, phases)?.Text);
            return (await orchestrator.ExecuteAsync(id, submit, new(by, Causation: key), alongside: claim, cancel: cancel)).State;
        }
        catch (PostgresException twice) when (twice.SqlState == PostgresErrorCodes.UniqueViolation && key is not null)
        {
            // The same key at the same moment: the other one won.
            return await orchestrator.LoadAsync((await Earlier(key, by, hash, cancel))!, cancel: cancel);
        }
    }

    /// <summary>Whether a slot is free for it on a node that takes slots, or it already has one: "started" rather than "queued".</summary>
    public async Task<bool> HasFreeSlotFor(string pipelineId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("""
            select status <> 'queued' or exists (
                select 1 from grace.nodes where paused_at is null and roles like '%worker%' and seen_at > clock_timestamp() - interval '10 seconds')
              and (select count(*) from grace.pipelines where status = 'running')
              + (select count(*) from grace.pipelines ahead where ahead.status = 'queued' and ahead.number < p.number)
              < (select count(*) from grace.slots where enabled)
            from grace.pipelines p where id = @pipelineId
            """, new { pipelineId }, cancellationToken: cancel));
    }

    async Task<string?> Earlier(string key, string by, string hash, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var found = await connection.QuerySingleOrDefaultAsync<(string PipelineId, string RequestHash)?>(new CommandDefinition(
            "select pipeline_id, request_hash from grace.idempotency_keys where caller = @by and key = @key", new { by, key }, cancellationToken: cancel));
        return found is not { } entry ? null : entry.RequestHash == hash ? entry.PipelineId : throw new KeyReused(key);
    }
}
