using Grace.Engine.Failures;

namespace Grace.Tests.Recovery;

public class FailureFingerprintTests
{
    [Theory]
    [InlineData("/srv/a/b/Note.cs(12,5): error CS0103", "/home/eve/x/y/Note.cs(99,1): error CS0103")]
    [InlineData("port 5080 is in use after 3.2 s", "port 41873 is in use after 17 s")]
    [InlineData("tree 33dad020a906987132a0034f5b2db509da51dcbf has no evidence", "tree 0034f5b2db509da51dcbf33dad020a906987132a has no evidence")]
    [InlineData("request a2e2f145-91aa-4be3-8eae-642d29b34648 failed", "request 4be391aa-91aa-4be3-8eae-29b34648642d failed")]
    [InlineData("1 of 2 tests failed", "3 of 20  tests\nfailed")]
    public void The_same_failure_has_the_same_fingerprint_wherever_and_whenever(string once, string again) =>
        FailureFingerprint.Of("test", once).ShouldBe(FailureFingerprint.Of("test", again));

    [Theory]
    [InlineData("error CS0103 in Note.cs", "warning CS0103 in Note.cs")]
    [InlineData("connection refused", "connection reset")]
    [InlineData("a decade of facade", "a decade of arcade")]
    public void Other_failures_have_other_fingerprints(string one, string other) =>
        FailureFingerprint.Of("test", one).ShouldNotBe(FailureFingerprint.Of("test", other));

    [Fact]
    public void The_phase_belongs_to_it() => FailureFingerprint.Of("test", "x").ShouldNotBe(FailureFingerprint.Of("deploy", "x"));
}
