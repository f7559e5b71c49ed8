using Grace.Engine.Hosting;
using Npgsql;

namespace Grace.Tests.Postgres;

public class RefusedDataTests
{
    [Theory]
    [InlineData("22P05", true)]
    [InlineData("22021", true)]
    [InlineData("22P02", true)]
    [InlineData("54000", true)]
    [InlineData("57P01", false)]
    [InlineData("53300", false)]
    [InlineData("08006", false)]
    [InlineData("53100", false)]
    public void What_was_given_is_at_fault_or_the_database_and_never_both(string state, bool given)
    {
        var said = new InvalidOperationException("wrapped", new PostgresException("no\0t this", "ERROR", "ERROR", state));
        (RefusedData.In(said) is not null, DatabaseAway.IsCauseOf(said)).ShouldBe((given, !given));
    }

    [Fact]
    public void A_refusal_is_told_in_words_that_can_be_stored() =>
        RefusedData.Says(new PostgresException("\\u0000 \0cannot be\u0001 converted", "ERROR", "ERROR", "22P05"), "this phase made")
            .ShouldBe("PostgreSQL does not store what this phase made (22P05: \\u0000 cannot be converted).");

    [Fact]
    public void Other_faults_are_neither()
    {
        RefusedData.In(new InvalidOperationException("no")).ShouldBeNull();
        DatabaseAway.IsCauseOf(new InvalidOperationException("no")).ShouldBeFalse();
        DatabaseAway.IsCauseOf(new TimeoutException()).ShouldBeTrue();
    }
}
