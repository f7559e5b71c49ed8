using System.Text.Json.Nodes;
using Grace.Engine.Playbooks;

namespace Grace.Tests.Playbooks;

public class ConditionTests
{
    static readonly JsonObject Scope = (JsonObject)JsonNode.Parse("""
        { "inputs": { "count": 4, "zero": 0, "name": "library", "text": "3", "yes": true, "no": false, "words": "false", "list": ["a", 2], "none": [], "map": { "k": 1 }, "odd": "it's \"so\"" } }
        """)!;

    [Theory]
    [InlineData("${inputs.count} > 3", true)]
    [InlineData("${inputs.count} > 4", false)]
    [InlineData("${inputs.count}>=4", true)]
    [InlineData("${inputs.text} < 10", true)]
    [InlineData("${inputs.name} < 10", false)]
    [InlineData("${inputs.missing} < 10", false)]
    [InlineData("${inputs.missing} >= 0", false)]
    [InlineData("${inputs.count} == 4.0", true)]
    [InlineData("${inputs.count} == '4'", true)]
    [InlineData("${inputs.name} == 'library'", true)]
    [InlineData("${inputs.name} == \"library\"", true)]
    [InlineData("${inputs.name} == library", true)]
    [InlineData("${inputs.name} != library", false)]
    [InlineData("${inputs.missing} == null", true)]
    [InlineData("${inputs.yes} == true", true)]
    [InlineData("${inputs.yes} && ${inputs.no}", false)]
    [InlineData("${inputs.yes} and not ${inputs.no}", true)]
    [InlineData("${inputs.no} or ${inputs.count} == 4", true)]
    [InlineData("${inputs.no} || ${inputs.no}", false)]
    [InlineData("!${inputs.none}", true)]
    [InlineData("!!${inputs.map}", true)]
    [InlineData("not (${inputs.yes} and ${inputs.no})", true)]
    [InlineData("${inputs.no} and ${inputs.no} or ${inputs.yes}", true)]
    [InlineData("${inputs.no} and (${inputs.no} or ${inputs.yes})", false)]
    [InlineData("${inputs.name} in [book, 'library']", true)]
    [InlineData("${inputs.name} not in [book, shop]", true)]
    [InlineData("2 in ${inputs.list}", true)]
    [InlineData("'k' in ${inputs.map}", true)]
    [InlineData("lib in ${inputs.name}", true)]
    [InlineData("x in ${inputs.missing}", false)]
    [InlineData("${inputs.list} == [a, 2]", true)]
    [InlineData("'pre ${inputs.name}' == 'pre library'", true)]
    [InlineData("${inputs.odd} == \"it's so\"", false)]
    [InlineData("${inputs.zero}", false)]
    [InlineData("${inputs.words}", false)]
    [InlineData("${inputs.missing}", false)]
    [InlineData("true", true)]
    [InlineData("  ${inputs.yes}  ", true)]
    [InlineData("${inputs.count} == -4", false)]
    public void What_is_asked_is_answered(string condition, bool holds) => Expression.Holds(condition, Scope).ShouldBe(holds);

    [Theory]
    [InlineData("", "a value is missing at its end")]
    [InlineData("${inputs.count} >", "a value is missing at its end")]
    [InlineData("${inputs.count} > 3 4", "'4' is not expected here")]
    [InlineData("${inputs.a} === 3", "'= 3' is not understood; texts are written in quotes, and conditions with == != < <= > >= in and or not")]
    [InlineData("${inputs.a} = 3", "'= 3' is not understood; texts are written in quotes, and conditions with == != < <= > >= in and or not")]
    [InlineData("${inputs.a} == two words", "'words' is not expected here")]
    [InlineData("library", "library alone decides nothing; refer to a value, such as ${inputs.name}, or compare it")]
    [InlineData("yes and ${inputs.a}", "yes alone decides nothing; refer to a value, such as ${inputs.name}, or compare it")]
    [InlineData("(${inputs.a}", "a bracket is not closed")]
    [InlineData("${inputs.a} in [a, b", "the items of a list have commas between them, and a ] at the end")]
    [InlineData("${inputs.a} > 99999999999999999999999999999999", "99999999999999999999999999999999 is too large a number")]
    [InlineData("${inputs.a} not 3", "after a value, 'not' is followed by 'in'")]
    [InlineData("and ${inputs.a}", "a value is expected where 'and' stands")]
    [InlineData("len(${inputs.a}) > 1", "len alone decides nothing; refer to a value, such as ${inputs.name}, or compare it")]
    public void What_is_not_understood_is_refused(string condition, string why) => Should.Throw<WrongCondition>(() => Condition.Parse(condition)).Message.ShouldBe(why);

    [Theory]
    [InlineData('(')]
    [InlineData('[')]
    [InlineData('!')]
    public void Depth_is_bounded(char open) => Should.Throw<WrongCondition>(() => Condition.Parse(new string(open, 100_000))).Message.ShouldContain("nested deeper");
}
