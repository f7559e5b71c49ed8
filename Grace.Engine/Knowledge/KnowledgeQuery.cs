using System.Data;
using System.Text;
using Dapper;
using Grace.Engine.Hosting;
using Grace.Engine.Text;
using Npgsql;

namespace Grace.Engine.Knowledge;

/// <summary>One question to the index: strict first, then by the words that tell passages apart.</summary>
internal sealed record KnowledgeQuery(string Text, IReadOnlyList<string> Words, int Limit, string[]? Kinds, string? NotPipeline)
{
    private const int PerDocument = 3;

    /// <summary>Beyond this many passages a word is common, and is not counted further.</summary>
    private const int Common = 10_000;

    // Marks that CleanText keeps out of every indexed passage, so they cannot be confused with its text.
    private const char Open = '\u0002';
    private const char Close = '\u0003';

    private static readonly string Marks = $"StartSel=\"{Open}\", StopSel=\"{Close}\"";
    private const string Fragments = ", MaxFragments=2, MaxWords=45, MinWords=20, ShortWord=2, FragmentDelimiter=\" … \"";

    /// <summary>A passage of at most so many characters is quoted whole.</summary>
    private const int Whole = 400;

    public async Task<IReadOnlyList<KnowledgeFinding>> RunAsync(NpgsqlConnection connection, int seconds, CancellationToken cancel)
    {
        var found = new List<Row>();
        if (Text.Length > 0) found.AddRange(await QueryAsync("search_all", Arguments(("text", Text))));
        if (found.Count < Limit && Words.Count > 0 && await QuestionAsync() is { Words.Length: > 0 } question)
        {
            var loose = await QueryAsync("search_any", Arguments(
                ("any", question.Any), ("words", question.Words), ("weights", question.Weights), ("floor", question.Floor)));
            found.AddRange(loose.Where(row => !found.Any(have => have.SourceKey == row.SourceKey && have.Ordinal == row.Ordinal)));
        }
        return [.. found
            .GroupBy(row => row.SourceKey).SelectMany(rows => rows.Take(PerDocument))
            .OrderBy(found.IndexOf).Take(Limit).Select(Finding)];

        async Task<List<Row>> QueryAsync(string name, DynamicParameters arguments) =>
            (await connection.QueryAsync<Row>(new CommandDefinition(
                Resources.Read($"Knowledge/Sql/{name}.sql"), arguments, commandTimeout: seconds, cancellationToken: cancel))).AsList();

        async Task<LooseQuestion> QuestionAsync() =>
            LooseQuestion.Of((await connection.QueryAsync<WeighedWord>(new CommandDefinition(
                Resources.Read("Knowledge/Sql/words_weigh.sql"), new { text = string.Join(' ', Words), most = Common },
                commandTimeout: seconds, cancellationToken: cancel))).AsList());
    }

    private DynamicParameters Arguments(params (string Name, object Value)[] own)
    {
        var arguments = new DynamicParameters();
        arguments.Add("kinds", Kinds);
        arguments.Add("notPipeline", NotPipeline is null ? null : CleanText.Of(NotPipeline), DbType.String);
        arguments.Add("perDocument", PerDocument);
        arguments.Add("limit", Limit);
        arguments.Add("marks", Marks);
        arguments.Add("fragments", Fragments);
        arguments.Add("whole", Whole);
        foreach (var (name, value) in own) arguments.Add(name, value);
        return arguments;
    }

    private static KnowledgeFinding Finding(Row row)
    {
        var quote = new StringBuilder();
        var words = new List<string>();
        foreach (var piece in row.Headline.Split(Open))
        {
            var end = piece.IndexOf(Close);
            if (end >= 0) words.Add(piece[..end]);
            quote.Append(end < 0 ? piece : piece.Remove(end, 1));
        }
        return new KnowledgeFinding(
            quote.ToString().Trim(), row.Kind, row.Title, row.Heading, row.Uri, row.Rank, row.Coverage, row.ContentHash,
            [.. words.Distinct(StringComparer.OrdinalIgnoreCase)]);
    }

    private sealed record Row(
        string SourceKey, int Ordinal, string Kind, string Title, string Heading, string Uri, string ContentHash,
        double Rank, double Coverage, string Headline);
}
