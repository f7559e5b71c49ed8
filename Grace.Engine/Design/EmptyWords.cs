using System.Text.RegularExpressions;

namespace Grace.Engine.Design;

/// <summary>Tasks that name nothing: "Build it", "Look around", "Build an API". There is nothing in them that would be left out.</summary>
internal static partial class EmptyWords
{
    private static readonly HashSet<string> Words = new(
        ("a an the this that these those it them its my your our me us i we you he she they one two three another other more some any all each every first second third next last "
        + "of for to from in into on at by with and or not as is are be so then now please again here there around up out down just only also too "
        + "do make build create write develop implement design deploy change update run start stop pause try test tests check look see show say tell go get put set use add have give let need want work works "
        + "thing things something anything nothing stuff example sample demo dummy noop op nop hello world foo bar baz task tasks job jobs step steps phase phases pipeline pipelines number part time times "
        + "project code program software tool application app apps system service services microservice api apis rest http json web backend server endpoint endpoints repository repo "
        + "new simple small little tiny quick quickly short long slow fast basic good nice generated whole end").Split(' '), StringComparer.OrdinalIgnoreCase);

    public static bool Only(string task) => Word().Matches(task).All(word => word.ValueSpan.Length == 1 || Words.Contains(word.Value));

    [GeneratedRegex(@"[\p{L}\p{M}]+")]
    private static partial Regex Word();
}
