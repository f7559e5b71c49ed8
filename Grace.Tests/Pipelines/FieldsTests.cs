using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;

namespace Grace.Tests.Pipelines;

public class FieldsTests
{
    [Fact]
    public void Fields_of_their_types_are_read()
    {
        var fields = Of("""{"text": "a", "flag": false, "whole": -3, "number": 1.5, "object": {"a": 1}, "texts": ["a", "b"], "null": null}""");
        (fields.Text("text"), fields.Flag("flag"), fields.Whole("whole"), fields.Number("number")).ShouldBe(("a", false, -3L, 1.5));
        fields.Object("object")!["a"]!.GetValue<int>().ShouldBe(1);
        fields.Texts("texts", "[]").ShouldBe(["a", "b"]);
        (fields.Text("null"), fields.Text("missing")).ShouldBe((null, null));
        fields.End();
    }

    [Theory]
    [InlineData("""{"a": 1}""", "a is 1; it must be a text.")]
    [InlineData("""{"a": "x", "b": 1, "c": 2}""", "'b' is not known; allowed are a. 'c' is not known; allowed are a.")]
    [InlineData("""{"a": "x\u0000"}""", "a holds a character that is none (NUL); take it out.")]
    [InlineData("""{"a": {"b": [1, "\ud83d"]}}""", "a.b[1] holds half of a surrogate pair, which is no character; take it out.")]
    public void Whatever_is_wrong_is_told_at_once_and_once(string json, string says)
    {
        var fields = Of(json);
        fields.Text("a");
        Should.Throw<SubmissionRefused>(fields.End).Message.ShouldBe(says);
    }

    [Theory]
    [InlineData("""{"a": 1, "a": 2}""")]
    [InlineData("""{"a": {"b": 1, "b": 2}}""")]
    [InlineData("""{"\ud83d": 1}""")]
    public void What_is_no_object_with_each_key_once_is_refused(string json) => Should.Throw<SubmissionRefused>(() => Of(json));

    [Theory]
    [InlineData("3.5")]
    [InlineData("1e3")]
    [InlineData("99999999999999999999")]
    [InlineData("\"3\"")]
    public void Only_whole_numbers_are_whole(string number)
    {
        var fields = Of($$"""{"a": {{number}}}""");
        fields.Whole("a").ShouldBeNull();
        Should.Throw<SubmissionRefused>(fields.End).Errors.Single().Field.ShouldBe("a");
    }

    static Fields Of(string json) => new((JsonObject)JsonNode.Parse(json)!);
}
