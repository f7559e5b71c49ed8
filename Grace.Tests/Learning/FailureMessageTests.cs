using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grace.Engine.Failures;

namespace Grace.Tests.Learning;

public class FailureMessageTests
{
    [Theory]
    [InlineData("/srv/a/b/Note.cs(12,5): error CS0103", "<path>: error CS0103")]
    [InlineData("src/price.ts:3:14 - error TS2322", "<path> - error TS2322")]
    [InlineData(@"C:\work\shop\Order.cs(1,2): error CS1002", "<path>: error CS1002")]
    [InlineData("\u001b[31mnpm error\u001b[0m code \u001b[1mE404\u001b[22m", "npm error code E404")]
    [InlineData("10%\r50%\rfatal: bad object 33dad020a906987132a0034f5b2db509da51dcbf", "fatal: bad object <hash>")]
    [InlineData("listen EADDRINUSE: address already in use 127.0.0.1:5080", "listen EADDRINUSE: address already in use <host>")]
    [InlineData("could not fetch https://registry.npmjs.org/left-pad from cache", "could not fetch <url> from cache")]
    [InlineData("pipeline_4f00aa91 failed at 2025-03-01T09:10:11Z after 3.2 s", "<id> failed at <time> after <time>")]
    [InlineData("No matching version found for left-pad@99.1", "No matching version found for <package>")]
    [InlineData("Cannot find module './routes/index'", "Cannot find module '<path>'")]
    [InlineData("Cannot find module \"express\"", "Cannot find module '<name>'")]
    [InlineData("'NoneType' object has no attribute 'email'", "'NoneType' object has no attribute '<name>'")]
    [InlineData("Could not read /srv/shop/package.json", "Could not read package.json")]
    [InlineData("status code 404 after 17 tries", "status code 404 after <n> tries")]
    [InlineData("exit code 137 is not exit code 2", "exit code 137 is not exit code <n>")]
    [InlineData("2025-03-01T09:10:11.1234567Z ##[error]Process completed", "Process completed")]
    [InlineData("#12 3.456 npm error missing", "npm error missing")]
    public void Given_what_differs_from_run_to_run_it_gives_way_and_what_tells_stays(string message, string normalised) =>
        FailureMessage.Normalise(message).ShouldBe(normalised);

    [Theory]
    [InlineData("error CS0246", "error CS0103")]
    [InlineData("TS2322", "TS2345")]
    [InlineData("npm error code E401", "npm error code E404")]
    [InlineData("KeyError: 'a'", "ValueError: 'a'")]
    [InlineData("Assert.True() Failure", "Assert.False() Failure")]
    public void Given_codes_types_and_assertions_they_stay_apart(string one, string other) =>
        FailureMessage.Normalise(one).ShouldNotBe(FailureMessage.Normalise(other));

    [Property(MaxTest = 300)]
    public Property Normalising_twice_changes_nothing() => Prop.ForAll(Messages.Any, message =>
    {
        var once = FailureMessage.Normalise(message);
        FailureMessage.Normalise(once).ShouldBe(once);
        once.Length.ShouldBeLessThanOrEqualTo(FailureMessage.Longest);
    });

    [Fact]
    public void Given_the_labelled_failures_normalising_twice_changes_nothing()
    {
        foreach (var failure in LabelledFailures.All)
        {
            var once = FailureMessage.Normalise(failure.Message);
            FailureMessage.Normalise(once).ShouldBe(once);
        }
    }

    [Theory]
    [InlineData("'a/b/../c.cs:1:2\u001b[3")]
    [InlineData("  1:1  error  x  y  ")]
    [InlineData("a+b-c@d.")]
    [InlineData("error \n")]
    [InlineData(" ")]
    public void Given_endless_output_it_reads_a_bounded_part(string part)
    {
        var endless = string.Concat(Enumerable.Repeat(part, 200_000));
        FailureMessage.Normalise(endless).Length.ShouldBeLessThanOrEqualTo(FailureMessage.Longest);
        FailureSignature.Of(endless).Title.Length.ShouldBeLessThanOrEqualTo(FailureMessage.Longest);
    }
}
