using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grace.Engine.Log;
using Grace.Engine.Text;
using Grace.Tests.Support;
using Npgsql;
using NpgsqlTypes;

namespace Grace.Tests.Text;

public class StorableTests
{
    /// <summary>Any UTF-16, with NULs and halves of pairs among ordinary characters.</summary>
    static readonly Arbitrary<string> AnyText = Gen.OneOf(
            Gen.Elements('\0', '\ud83d', '\ude00', '\udfff', '\\', '"', 'u', '0', '\u2400'), Gen.Choose(0, 0xFFFF).Select(c => (char)c), Gen.Elements("abc d".ToCharArray()))
        .ArrayOf().Select(chars => new string(chars)).ToArbitrary();

    [Property]
    public Property A_text_made_storable_is_storable_and_one_that_was_is_left_alone() => Prop.ForAll(AnyText, text =>
    {
        var kept = Storable.Text(text);
        return Storable.Objection(kept) is null && kept.Length == text.Length && (Storable.Objection(text) is not null || kept == text) && new UTF8Encoding(false, true).GetBytes(kept).Length >= text.Length;
    });

    [Property]
    public Property A_value_made_storable_says_the_same_as_its_texts_made_storable() => Prop.ForAll(AnyText, text =>
    {
        var value = new JsonObject { ["said"] = new JsonArray(text, new JsonObject { ["again"] = text }), ["count"] = 3 };
        var kept = Storable.Of(value, Wire.Json);
        return kept["said"]![0]!.GetValue<string>() == Storable.Text(text) && kept["said"]![1]!["again"]!.GetValue<string>() == Storable.Text(text) && kept["count"]!.GetValue<int>() == 3;
    });

    [Theory]
    [InlineData("""{"a": "x\u0000y"}""", """{"a": "x␀y"}""")]
    [InlineData("""{"a": "\\u0000 is only mentioned"}""", """{"a": "\\u0000 is only mentioned"}""")]
    [InlineData("""{"a": "\\\u0000"}""", """{"a": "\\␀"}""")]
    [InlineData("""{"a": "\ud83d", "b": "\ude00", "c": "\ud83d\ude00", "d": "\ud83d\ud83d\ude00"}""", """{"a": "�", "b": "�", "c": "\ud83d\ude00", "d": "�\ud83d\ude00"}""")]
    [InlineData("""{"k\u0000": [1e5, -1e200000, 1e-200000, 0e999999, 12]}""", """{"k␀": [1e5, "-1e200000", "1e-200000", 0e999999, 12]}""")]
    public async Task PostgreSQL_keeps_what_was_made_storable(string json, string kept)
    {
        Storable.Json(json).ShouldBe(kept);
        await InsertAsync(Storable.Json(json));
    }

    [Theory]
    [InlineData("""{"a": {"b": ["x", "y\u0000"]}}""", "a.b[1]")]
    [InlineData("""{"a": "\ud83d"}""", "a")]
    [InlineData("""{"a": {"x\u0000": 1}}""", "a")]
    [InlineData("""{"a": 1e200000}""", "a")]
    [InlineData("""{"a": [1e-200000]}""", "a[0]")]
    [InlineData("""{"a": "\\u0000", "b": 0e999999, "c": "\ud83d\ude00", "d": 1e300}""", null)]
    public async Task What_cannot_be_stored_is_told_by_its_place_and_nothing_else_is(string json, string? place)
    {
        Storable.Objections(JsonNode.Parse(json), "").Select(o => o.Place).ShouldBe(place is null ? [] : [place]);
        if (place is null)
            await InsertAsync(json);
        else
            (await Should.ThrowAsync<PostgresException>(() => InsertAsync(json))).SqlState[..2].ShouldBe("22");
    }

    [Theory]
    [InlineData("""{"a": 1, "b": [1.50, "x"]}""", """{"b": [1.5, "x"], "a": 1.0}""", true)]
    [InlineData("""{"a": 1e2}""", """{"a": 100}""", true)]
    [InlineData("""{"a": 1e300}""", """{"a": 10e299}""", true)]
    [InlineData("""{"a": 1}""", """{"a": "1"}""", false)]
    [InlineData("""{"a": [1, 2]}""", """{"a": [2, 1]}""", false)]
    [InlineData("""{"a": null}""", """{}""", false)]
    [InlineData("""{"a": 12345678901234567890.1}""", """{"a": 12345678901234567890.2}""", false)]
    public void Equal_values_have_one_canonical_text(string one, string other, bool same) =>
        (CanonicalJson.Of(JsonNode.Parse(one)) == CanonicalJson.Of(JsonNode.Parse(other))).ShouldBe(same);

    static async Task InsertAsync(string json)
    {
        await using var source = NpgsqlDataSource.Create(await TestPostgres.EmptyDatabaseAsync());
        await using var command = source.CreateCommand("select $1::jsonb");
        command.Parameters.Add(new() { Value = json, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteScalarAsync();
    }
}
