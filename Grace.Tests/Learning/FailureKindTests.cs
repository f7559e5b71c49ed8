using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grace.Engine.Failures;
using Grace.Web.Bench;

namespace Grace.Tests.Learning;

/// <summary>What tells failures apart, kind by kind: what went wrong with what.</summary>
public partial class FailureKindTests
{
    static FailureSighting Seen(string message, string? tool = null, int? exitCode = null, IReadOnlyList<string>? tests = null) =>
        new("playbook.failed", "pipeline_1", "test", null, null, tool, message, DateTimeOffset.UnixEpoch, exitCode, tests);

    static int Clusters(params FailureSighting[] sightings) => sightings.Aggregate(TriageState.Empty, (state, s) => state.Add(s).State).Clusters.Count;

    [Theory]
    [InlineData("psql: error: connection to server at \"127.0.0.1\", port 5499 failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?", "curl: (7) Failed to connect to 127.0.0.1 port 8080 after 0 ms: Couldn't connect to server")]
    [InlineData("Error: connect ECONNREFUSED 127.0.0.1:5432", "Error: connect ECONNREFUSED 127.0.0.1:6379")]
    [InlineData("curl: (7) Failed to connect to 127.0.0.1 port 8080: Connection refused", "npm error code ECONNREFUSED\nnpm error FetchError: request to http://127.0.0.1:9000/left-pad failed, reason: connect ECONNREFUSED 127.0.0.1:9000")]
    [InlineData("fatal: unable to access 'http://127.0.0.1:80/a.git/': Failed to connect to 127.0.0.1 port 80: Connection refused", "ssh: connect to host 127.0.0.1 port 22: Connection refused")]
    [InlineData("FAILED tests/test_a.py::test_total - assert 1 == 2", "FAILED tests/test_a.py::test_empty - assert 1 == 2")]
    [InlineData("FAILED tests/test_a.py::test_total - assert 1 == 2", "FAILED tests/test_a.py::test_total - KeyError: 'x'")]
    [InlineData("FAILED tests/test_a.py::test_total - assert 1 == 2", "FAILED tests/test_a.py::test_total - Failed: Timeout >1.0s")]
    [InlineData("FAILED tests/test_a.py::test_total - assert 1 == 2", "FAILED tests/test_b.py::test_total - assert 1 == 2")]
    [InlineData("ERROR:  relation \"orders\" does not exist", "ERROR:  column \"orders\" does not exist")]
    [InlineData("ERROR:  schema \"orders\" does not exist", "FATAL:  role \"orders\" does not exist")]
    [InlineData("FATAL:  database \"orders\" does not exist", "fatal: 'orders' does not appear to be a git repository")]
    [InlineData("curl: (22) The requested URL returned error: 404", "curl: (22) The requested URL returned error: 503")]
    [InlineData("{\"status\":404,\"error\":\"Not Found\"}", "{\"status\":503,\"error\":\"Service Unavailable\"}")]
    [InlineData("main.c:(.text+0x9): undefined reference to `total'", "/usr/bin/ld: cannot find -lfoo: No such file or directory")]
    [InlineData("make: *** No rule to make target 'deploy'.  Stop.", "make: *** No rule to make target 'a.c', needed by 'a.o'.  Stop.")]
    [InlineData("RuntimeError: Не удалось найти клиента", "RuntimeError: На складе закончился товар")]
    [InlineData("RuntimeError: Ο πελάτης δεν βρέθηκε", "RuntimeError: Το προϊόν εξαντλήθηκε")]
    [InlineData("RuntimeError: 找不到客户", "RuntimeError: 商品库存不足")]
    [InlineData("{\"error\":\"invalid_grant\"}", "{\"error\":\"invalid_client\"}")]
    [InlineData("main.c:1:5: error: too few arguments to function 'f'", "main.c:1:5: error: too many arguments to function 'f'")]
    [InlineData("#   Failed test 'adds up'\n#   at t/a.t line 1.", "#   Failed test 'starts'\n#   at t/a.t line 1.")]
    [InlineData("  1) Failure:\nCartTest#test_sum [c.rb:1]:\nExpected: 0", "  1) Failure:\nCartTest#test_none [c.rb:1]:\nExpected: 0")]
    [InlineData("ReferenceError: total is not defined", "ReferenceError: require is not defined in ES module scope, you can use import instead")]
    [InlineData("make: *** Нет правила для сборки цели «a».  Останов.", "make: *** Не заданы цели и не найден make-файл.  Останов.")]
    [InlineData("Error: connect ECONNREFUSED 127.0.0.1:15432", "Error: connect ECONNREFUSED 127.0.0.1:8080")]
    [InlineData("sed: -e expression #1, char 3: unknown command: `x'", "sed: -e expression #1, char 9: unterminated `s' command")]
    [InlineData("fatal: 'upstream' does not appear to be a git repository", "fatal: repository 'https://127.0.0.1/a.git/' not found")]
    [InlineData("ERROR in ./i.js 1:0-11\nModule not found: Error: Can't resolve './total' in '/srv/a'", "ERROR in ./i.js 1:0-11\nModule not found: Error: Can't resolve 'left-pad' in '/srv/a'")]
    [InlineData("cart: a.c:3: main: Assertion `left == 1' failed.", "cart: a.c:7: main: Assertion `right == 1' failed.")]
    [InlineData("rsync: [Receiver] failed to connect to 127.0.0.1 (127.0.0.1): Connection refused (111)", "curl: (7) Failed to connect to 127.0.0.1 port 8080: Connection refused")]
    [InlineData("./app: symbol lookup error: ./app: undefined symbol: total", "main.c:(.text+0x9): undefined reference to `total'")]
    [InlineData("terminate called after throwing an instance of 'std::runtime_error'\n  what():  no such ledger entry\nAborted", "terminate called after throwing an instance of 'std::invalid_argument'\n  what():  stoi\nAborted")]
    [InlineData("pydantic.ValidationError: 1 validation error for A\nb\n  field required (type=value_error.missing)", "pydantic.ValidationError: 1 validation error for A\nb\n  value is not a valid integer (type=type_error.integer)")]
    [InlineData("found packages a (a.go) and b (b.go) in /srv/x\nmake: *** [Makefile:2: check] Error 1", "Don't know how to build task 'x'\nmake: *** [Makefile:2: check] Error 1")]
    [InlineData("FAIL ./a.test.js\n  ● is stored\n\n    no server here\n", "FAIL ./a.test.js\n  ● is stored\n\n    expect(received).toBe(expected)\n")]
    [InlineData("Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nOutOfStock: seat 3", "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nPriceChanged: seat 3")]
    [InlineData("nginx: [emerg] unknown directive \"total\" in /srv/n.conf:2\nnginx: configuration file /srv/n.conf test failed", "nginx: [emerg] directive \"a\" is not terminated by \";\" in /srv/n.conf:2\nnginx: configuration file /srv/n.conf test failed")]
    [InlineData("gzip: a.gz: unexpected end of file", "a.sh: line 5: syntax error: unexpected end of file")]
    [InlineData("p.pas(4) Fatal: Syntax error, \";\" expected but \"x\" found", "p.pas(4) Error: Incompatible types: got \"a\" expected \"b\"")]
    [InlineData("Error: \"ledger 11 is closed\"", "Error: \"seat 11 was sold twice\"")]
    [InlineData("42", "***")]
    public void Given_two_causes_when_added_then_two_clusters_hold_them(string one, string other) => Clusters(Seen(one), Seen(other)).ShouldBe(2);

    [Theory]
    [InlineData("Error: connect ECONNREFUSED 127.0.0.1:5432", "psql: error: connection to server at \"10.0.0.7\", port 5499 failed: Connection refused")]
    [InlineData("curl: (22) The requested URL returned error: 503", "{\"status\":503,\"error\":\"Service Unavailable\",\"path\":\"/x\"}", "urllib.error.HTTPError: HTTP Error 503: Service Unavailable")]
    [InlineData("  File \"a.py\", line 1\nSyntaxError: invalid syntax", "  File \"/srv/b.py\", line 7\nSyntaxError: '(' was never closed")]
    [InlineData("  File \"a.py\", line 2\nIndentationError: unexpected indent", "Sorry: TabError: inconsistent use of tabs and spaces in indentation (b.py, line 4)")]
    [InlineData("fatal: bad revision 'v9'", "fatal: invalid reference: topic", "merge: topic - not something we can merge", "fatal: ambiguous argument 'x': unknown revision or path not in the working tree.")]
    [InlineData("make: *** No targets specified and no makefile found.  Stop.", "make: build.mk: No such file or directory\nmake: *** No rule to make target 'build.mk'.  Stop.")]
    [InlineData("make: *** [Makefile:2: all] Error 137", "Killed", "the build exited with code 137", "subprocess.CalledProcessError: Command '['x']' died with <Signals.SIGKILL: 9>.")]
    [InlineData("cat: a.txt: No such file or directory", "cat: b.txt: Нет такого файла или каталога", "cat: c.txt: Δεν υπάρχει τέτοιο αρχείο ή κατάλογος", "ls: 无法访问 'd': 没有那个文件或目录")]
    [InlineData("yaml.scanner.ScannerError: while scanning for the next token", "(a.yml): mapping values are not allowed in this context at line 1 column 5 (Psych::SyntaxError)")]
    [InlineData("curl: (47) Maximum (50) redirects followed", "requests.exceptions.TooManyRedirects: Exceeded 30 redirects.")]
    [InlineData("make: *** [Makefile:2: all] Error 124", "the build exited with code 124")]
    [InlineData("tar: a.tar: Cannot open: No such file or directory", "tar (child): b.tgz: Cannot open: No such file or directory")]
    [InlineData("bash: line 1: orders: unbound variable", "run.sh: line 14: AMOUNT: unbound variable")]
    [InlineData("FAILED tests/test_a.py::test_total - assert 1 == 2", "____ test_total ____\n\n    def test_total():\n>       assert 3 == 4\nE       assert 3 == 4\n\nsrc/tests/test_a.py:7: AssertionError\nFAILED src/tests/test_a.py::test_total - assert 3 == 4")]
    [InlineData("TAP version 13\nnot ok 1 - adds\n  ---\n  location: '/srv/a.test.js:1:1'\n  failureType: 'testCodeFailure'\n  error: 'Cannot read'\n  code: 'ERR_TEST_FAILURE'\n  name: 'TypeError'\n  ...", "✖ failing tests:\n\ntest at test/a.test.js:3:1\n✖ adds (1.2ms)\n  TypeError: Cannot read\n      at x (a.js:1:2)")]
    [InlineData("gcc: a.c: error: unterminated #ifdef", "web  | gcc: b.c: error: unterminated #ifdef", "api-1  | gcc: c.c: error: unterminated #ifdef")]
    [InlineData("lua: a.lua:1: unexpected symbol near '='", "lua: b.lua:1: 'end' expected near <eof>", "luac: c.lua:1: ')' expected near '('")]
    [InlineData("a.ts(1,2): error TS1005: ',' expected.", "b.ts(1,2): error TS1109: Expression expected.", "c.ts:1:2 - error TS1160: Unterminated template literal.")]
    [InlineData("error: expected expression, found `;`\n --> a.rs:1:2", "error: this file contains an unclosed delimiter\n --> b.rs:1:2")]
    [InlineData("A.java:1: error: ';' expected", "B.java:1: error: unclosed string literal", "C.java:1: error: reached end of file while parsing")]
    [InlineData("/srv/a.cs(1,2): error CS1002: ; expected", "/srv/b.cs(3,4): error CS1513: Oczekiwano znaku }")]
    [InlineData("PHP Parse error:  syntax error, unexpected token \";\" in /srv/a.php on line 1", "PHP Parse error:  Unclosed '[' in /srv/b.php on line 3")]
    [InlineData("requests.exceptions.ReadTimeout: HTTPConnectionPool(host='x', port=1): Read timed out.", "AxiosError: timeout of 25ms exceeded", "httpx.ReadTimeout: timed out", "System.Threading.Tasks.TaskCanceledException: The request was canceled due to the configured HttpClient.Timeout of 0.1 seconds elapsing.")]
    [InlineData("OSError: [Errno 24] Too many open files: 'a'", "Error: EMFILE: too many open files, open 'b'")]
    [InlineData("cat: a: Too many levels of symbolic links", "OSError: [Errno 40] Too many levels of symbolic links: 'b'")]
    [InlineData("Failed to connect to bus: Host is down", "Failed to connect to bus: Узел выключен")]
    [InlineData("RuntimeError: ledger_row_locked", "[eval]:1\nthrow new Error('ledger_row_locked')\n^\n\nError: ledger_row_locked\n    at [eval]:1:7\n\nNode.js v20.1.0")]
    [InlineData("grep: Unmatched [, [^, [:, [., or [=", "grep: Unmatched ( or \\(", "sed: -e expression #1, char 6: Unmatched ( or \\(")]
    [InlineData("\n> a@1.0.0 lint\n> exit 3\n", "\n> b@2.1.0 lint\n> false\n\nmake: *** [Makefile:2: check] Error 1")]
    [InlineData("--- a\n+++ b\n@@ -1,2 +1,2 @@\n x\n-1\n+2", "--- c\n+++ d\n@@ -4 +4 @@\n-3\n+9\nmake: *** [Makefile:2: check] Error 1")]
    [InlineData("  Failed Fleet.RouteTests.Fits [115 ms]\n  Error Message:\n   x", "  Не пройден Fleet.RouteTests.Fits [81 ms]\n  Сообщение об ошибке:\n   x")]
    public void Given_one_cause_in_other_words_when_added_then_one_cluster_holds_it(params string[] messages) => Clusters([.. messages.Select(m => Seen(m))]).ShouldBe(1);

    [Fact]
    public void Given_the_names_of_failed_tests_they_and_not_the_message_tell() =>
        (Clusters(Seen("2 of 9 tests failed", tests: ["a", "b"]), Seen("2 of 9 tests failed", tests: ["b", "a"])), Clusters(Seen("1 of 9 tests failed", tests: ["a"]), Seen("1 of 9 tests failed", tests: ["b"]))).ShouldBe((1, 2));

    [Fact]
    public void Given_a_message_that_says_nothing_the_exit_code_of_a_signal_tells() =>
        Clusters(Seen("", exitCode: 137), Seen(" ", exitCode: 137), Seen("", exitCode: 139)).ShouldBe(2);

    [Fact]
    public void Given_a_failure_of_the_surroundings_in_a_test_then_it_and_not_the_test_is_the_cause() =>
        Clusters(Seen("FAILED test_a.py::test_one - ModuleNotFoundError: No module named 'x'"), Seen("FAILED test_b.py::test_two - ModuleNotFoundError: No module named 'y'")).ShouldBe(1);

    /// <summary>Whatever a run changes: where it lies, when it ran, how long it took, on what line and under what address.</summary>
    [Property(MaxTest = 300)]
    public Property What_differs_from_run_to_run_does_not_tell() => Prop.ForAll(
        Gen.Elements(FailureSet.All.ToArray()).ToArbitrary(), Gen.Choose(2, 9).ToArbitrary(), (failure, digit) =>
        {
            var again = Folder().Replace(failure.Message, $"/mnt/ci{digit}/");
            again = Took().Replace(again, m => m.Value[..^m.Groups[1].Length].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.') + digit + m.Groups[1].Value);
            again = Line().Replace(again, $", line {digit}");
            FailureSignature.Of(again).IsLike(FailureSignature.Of(failure.Message)).ShouldBeTrue($"{failure.Label}:\n{failure.Message}\n---\n{again}");
        });

    [GeneratedRegex(@"/(?:home/eve/src/tuck|builds/team/orders|srv/agent/work/pipeline_8f2c1d90ab34/repo|Users/tom/Projects/notes-api|opt/ci/run/71)/")]
    private static partial Regex Folder();

    [GeneratedRegex(@"\b\d+(?:\.\d+)?( ?ms)\b")]
    private static partial Regex Took();

    [GeneratedRegex(@", line \d+")]
    private static partial Regex Line();
}
