using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>
/// What tools without codes say in a fixed form: what is missing (a table, a column, a reference, a library, a prerequisite),
/// an HTTP status, a signal. The group that matches is the cause's name.
/// </summary>
internal static partial class FailureShapes
{
    static readonly Regex[] Shapes = [Missing(), Existing(), Database(), Git(), Build(), Shell(), Runtime()];

    /// <returns>"git revision", "http 404", "missing column", "signal segv"; null when the line has no such form.</returns>
    public static string? Of(string line)
    {
        foreach (var shape in Shapes)
            if (shape.Match(line) is { Success: true } found)
                return Named(found);
        if (Status(line) is { } status)
            return status == "429" ? "rate-limited" : $"http {status}";
        return SignalOf(line);
    }

    /// <summary>The first status of failure that the line names, in whatever form: a protocol's, a client's, a JSON body's.</summary>
    public static string? Status(string line) => Http().Match(line) is { Success: true } http ? http.Groups.Values.Skip(1).First(g => g.Success).Value : null;

    public static string? SignalOf(string line) => Signal().Match(line) is { Success: true } signal
        ? signal.Groups["kill"].Success ? "out-of-memory" : Named(signal)
        : null;

    static string Named(Match found) => found.Groups["claim"] is { Success: true } claim ? $"assertion {Digits().Replace(claim.Value, "0")}"
        : found.Groups["what"] is { Success: true } missing ? $"missing {Kind(missing.Value)}"
        : found.Groups["is"] is { Success: true } existing ? $"existing {Kind(existing.Value)}"
        : found.Groups["denied"] is { Success: true } denied ? $"denied {Kind(denied.Value)}"
        : found.Groups["code"] is { Success: true } code ? $"code {code.Value}"
        : found.Groups.Values.Skip(1).First(g => g.Success).Name.Replace('_', ' ');

    [GeneratedRegex("""
        \b(?<what>relation|column|schema|role|database|function|procedure|type|operator|index|extension|table|view|constraint|trigger|sequence|prepared\sstatement|collation|language|tablespace|user|publication|subscription|savepoint|cursor|aggregate|domain|policy|server|foreign\stable|materialized\sview)\b[^.;\n]{0,30}?(?:\s"[^"]*"|\s'[^']*'|\s[\w.]+)?(?:\([^)]*\))?(?:\s(?:of|for|on|in)\s[^;\n]{0,80})?\sdoes\snot\sexist\b
        |(?<sqlite_table>\bno\ssuch\stable:)|(?<sqlite_column>\bno\ssuch\scolumn:|has\sno\scolumn\snamed)|(?<sqlite_function>\bno\ssuch\sfunction:)
        |(?<mysql_table>\bTable\s'[^']*'\sdoesn't\sexist)|(?<mysql_column>\bUnknown\scolumn\s')|(?<mysql_database>\bUnknown\sdatabase\s')
        |(?<mssql_object>\bInvalid\sobject\sname\s')|(?<mssql_column>\bInvalid\scolumn\sname\s')
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Missing();

    static string Kind(string word) => word.ToLowerInvariant() is "relation" ? "table" : word.ToLowerInvariant();

    [GeneratedRegex("""
        \b(?<is>relation|column|schema|role|database|function|type|index|extension|table|view|constraint|trigger|sequence|prepared\sstatement|remote|branch|tag|submodule)\b[^.;\n]{0,80}?\salready\sexists\b
        |\bpermission\sdenied\sfor\s(?<denied>relation|table|schema|database|sequence|function|view|language|tablespace)\b
        |^\s*[{\[].*"(?:error|code|reason|type|error_code|errorCode)"\s*:\s*"(?<code>[A-Za-z]+(?:[_-][A-Za-z]+)+)"
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Existing();

    [GeneratedRegex("""
        (?<sqlite_unique>\bUNIQUE\sconstraint\sfailed)|(?<sqlite_not_null>\bNOT\sNULL\sconstraint\sfailed)|(?<sqlite_foreign_key>\bFOREIGN\sKEY\sconstraint\sfailed)|(?<sqlite_check>\bCHECK\sconstraint\sfailed)
        |(?<sqlite_file>\bfile\sis\snot\sa\sdatabase)|(?<sqlite_locked>\bdatabase\s(?:table\s)?is\slocked)|(?<sqlite_open>\bunable\sto\sopen\sdatabase)|(?<sqlite_syntax>near\s"[^"]*":\ssyntax\serror)
        |(?<sql_unique>\bviolates\sunique\sconstraint|\bDuplicate\sentry\s'|\bViolation\sof\s(?:UNIQUE|PRIMARY)\sKEY)|(?<sql_not_null>\bviolates\snot-null\sconstraint)|(?<sql_foreign_key>\bviolates\sforeign\skey\sconstraint)|(?<sql_check>\bviolates\scheck\sconstraint|\bviolates\sexclusion\sconstraint)
        |(?<sql_syntax>\bsyntax\serror\sat\s(?:or\snear|end\sof\sinput)|\berror\sin\syour\sSQL\ssyntax)|(?<sql_password>\b(?:password|scram|md5)\sauthentication\sfailed)|(?<sql_range>^ERROR:.*\bout\sof\srange)|(?<sql_access>\bpg_hba\.conf\b)|(?<sql_lock_timeout>\bdue\sto\slock\stimeout|\bLock\swait\stimeout)|(?<sql_statement_timeout>\bdue\sto\sstatement\stimeout)|(?<sql_deadlock>\bdeadlock\sdetected|\bDeadlock\sfound)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Database();

    [GeneratedRegex("""
        (?<git_not_a_repository>\b[Nn]ot\sa\sgit\srepository)
        |(?<git_remote_reference>couldn't\sfind\sremote\sref\b|[Rr]emote\sbranch\s.+\snot\sfound\sin\supstream)
        |(?<git_refspec>\bsrc\srefspec\s.+\sdoes\snot\smatch\sany|\bsrc\srefspec\s.+\smatches\sno)
        |(?<git_pathspec>\bpathspec\s['"].*['"]\sdid\snot\smatch\sany)
        |(?<git_revision>\bunknown\srevision\sor\spath|\bNeeded\sa\ssingle\srevision|^fatal:\sinvalid\sreference:|\bnot\ssomething\swe\scan\smerge|\bis\snot\sa\scommit\sand\sa\sbranch|\bbad\srevision\s'|\binvalid\supstream\s'|^fatal:\s(?:bad|ambiguous)\s(?:object|argument)|\b[Nn]ot\sa\svalid\s(?:object|commit)\sname|\breference\sis\snot\sa\stree|\bunknown\scommit\b|\bcould\snot\s(?:parse|resolve)\s(?:object|ref)\b)
        |(?<git_remote>\bdoes\snot\sappear\sto\sbe\sa\sgit\srepository|^(?:error|fatal):\sNo\ssuch\sremote\b|\bNo\sconfigured\spush\sdestination|\bNo\sremote\srepository\sspecified)
        |(?<git_address>^(?:fatal|ERROR):\s[Rr]epository\s'https?:.*not\sfound)|(?<git_remote>^(?:fatal|ERROR):\s[Rr]epository\s.*(?:does\snot\sexist|not\sfound))
        |(?<git_upstream>\bhas\sno\supstream\sbranch|\bno\stracking\sinformation\sfor\sthe\scurrent)
        |(?<git_no_commits>\bdoes\snot\shave\sany\scommits\syet)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Git();

    [GeneratedRegex("""
        (?<loader_library>\berror\swhile\sloading\sshared\slibraries:|\bLibrary\snot\sloaded:)|(?<loader_symbol>\bsymbol\slookup\serror:)
        |(?<linker_entry>undefined\sreference\sto\s[`'‘"]_?main['’"]|undefined\ssymbol:?\s_?main\b)
        |(?<linker_reference>undefined\sreference\sto\b|undefined\ssymbols?\b|unresolved\sexternal\ssymbol)
        |(?<linker_library>cannot\sfind\s-l|library\snot\sfound\sfor\s-l|unable\sto\sfind\slibrary\s-l)
        |(?<linker_duplicate>multiple\sdefinition\sof\b|duplicate\ssymbol\b)
        |(?<compiler_undeclared>\bundeclared\s\(first\suse|\bwas\snot\sdeclared\sin\sthis\sscope|\buse\sof\sundeclared\sidentifier)
        |(?<compiler_header>:\d+:\s(?:fatal\s)?error:\s\S+:\sNo\ssuch\sfile\sor\sdirectory|:\s(?:fatal\s)?error:\s'[^']+'\sfile\snot\sfound)
        |(?<compiler_source>^(?:\S*/)?(?:cc1(?:plus)?|gcc|g\+\+|cc|clang)(?:-\d+)?:\s(?:fatal\s)?error:\s.*No\ssuch\sfile\sor\sdirectory)
        |(?<make_prerequisite>\bNo\srule\sto\smake\starget\s.*,\sneeded\sby\b)|(?<make_goal>\bNo\srule\sto\smake\starget\b)
        |(?<make_makefile>\bno\smakefile\sfound\b)|(?<make_folder>^make.*:\s\*\*\*\s\S+:\sNo\ssuch\sfile\sor\sdirectory)
        |(?<make_separator>\bmissing\sseparator\b)|(?<make_recursion>\*\*\*\sRecursive\svariable\b)|(?<make_reference>\*\*\*\sunterminated\b)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Build();

    [GeneratedRegex("""
        (?<shell_unexpected_token>\bsyntax\serror\snear\sunexpected\stoken|\bSyntax\serror:.*\bunexpected\b(?!.*\bend\sof\sfile))
        |(?<shell_unexpected_end>\bsyntax\serror:\sunexpected\send\sof\sfile|\bunexpected\sEOF\swhile\slooking\sfor|\bUnterminated\squoted\sstring|(?<!\.(?:gz|tgz|xz|bz2|zst|zip|tar):\s)\bunexpected:?\send\sof\sfile)
        |(?<shell_operand>:\smissing\s(?:destination\s)?(?:file\s)?operand)
        |(?<shell_pattern>^(?:\S*/)?(?:[ef]?grep|rg|sed|[gmn]?awk|find|expr)\b.*:\s(?:Unmatched\s|Invalid\s(?:range\send|back\sreference|content\sof|regular\sexpression|preceding\sregular|character\sclass|collation)|Trailing\sbackslash|Regular\sexpression\stoo\sbig|Premature\send\sof\sregular|missing\s(?:closing|terminating)\s|quantifier\sdoes\snot|nothing\sto\srepeat|unrecognized\scharacter\safter|syntax\serror\sin\ssubpattern))
        |(?<shell_unbound>:\sunbound\svariable\b|:\sparameter\s(?:null\sor\s)?not\sset\b)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Shell();

    [GeneratedRegex("""
        :\sAssertion\s[`'‘](?<claim>.+)['’]\sfailed\.?
        |(?<python_pattern>^re\.(?:error|PatternError):)|(?<script_pattern>\bInvalid\sregular\sexpression:)|(?<java_pattern>\bPatternSyntaxException\b)|(?<go_pattern>\berror\sparsing\sregexp\b)|(?<dotnet_pattern>\bRegexParseException\b)|(?<ruby_pattern>\bRegexpError\b)
        |(?<python_indentation>\b(?:IndentationError|TabError)\b)
        |(?<script_import>\bCannot\suse\simport\sstatement|\bUnexpected\stoken\s'?export)|(?<script_export>\bdoes\snot\sprovide\san\sexport)
        |(?<pytest_fixture>^fixture\s'.*'\snot\sfound)|(?<jq_parse>^(?:jq:\s)?parse\serror:)
        |(?<script_module>\b(?:require|module|exports|__dirname|__filename)\sis\snot\sdefined\sin\sES\smodule)|(?<script_undefined>\bReferenceError:\s\S+\sis\snot\sdefined\b(?!\sin\sES\smodule))
        |(?<script_nullish>\bCannot\s(?:read|set)\spropert\w+\s.*\b(?:undefined|null)\b|\b(?:undefined|null)\sis\snot\san\sobject)
        |(?<docker_image>\bpull\saccess\sdenied\sfor|\bmanifest\s(?:for\s\S+\s)?(?:not\sfound|unknown)|\bUnable\sto\sfind\simage)
        |(?<docker_name>\bcontainer\sname\s.*\sis\salready\sin\suse)
        |(?<network_timeout>^curl:\s\(28\)|\bE(?:SOCKET)?TIMEDOUT\b|\bUND_ERR_\w+_TIMEOUT|\b[Rr]ead\stimed\sout|\bTimeoutError:\s(?:timed\sout|The\sread)|\b(?:Read|Connect|Write|Pool)Timeout\b|\b(?:[Cc]onnect(?:ion)?|[Rr]equest|[Oo]peration|[Rr]esponse)\s(?:has\s|was\s)?timed\sout|\bAxiosError:\stimeout\sof\b|\baborted\sdue\sto\stimeout|\bHttpClient\.Timeout\b)
        |(?<tls_untrusted>CERTIFICATE_VERIFY_FAILED|\bself[- ]signed\scertificate|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY|GET)_\w*|CERT_HAS_EXPIRED|certificate\sverif\w+\sfailed|unable\sto\sget\slocal\sissuer|certificate\sof\s.*\sis\snot\strusted|x509:\scertificate|PKIX\spath|remote\scertificate\sis\sinvalid|certificate\sproblem)
        |(?<http_redirects>^curl:\s\(47\)|\bTooManyRedirects\b|\bExceeded\s\d+\sredirects|\bredirect(?:ion)?s?\b.*\binfinite\sloop|\b[Mm]aximum\s.*\bredirect\w*\s(?:followed|reached|exceeded)|\bredirect\scount\sexceeded|\bredirections\sexceeded)
        |(?<pip_project>\bdoes\snot\sappear\sto\sbe\sa\sPython\sproject|\bis\snot\sinstallable\.\sNeither)
        |(?<go_root>\bgo\.mod\sfile\snot\sfound\sin\scurrent\sdirectory|\bdoes\snot\scontain\smain\smodule\b)
        |(?<cmake_command>\bUnknown\sCMake\scommand\b)
        |(?<kube_context>\bcontext\swas\snot\sfound\sfor\sspecified\scontext|\bno\scontext\sexists\swith\sthe\sname)
        |(?<script_await>\bSyntaxError:\sawait\sis\sonly\svalid)
        |(?<bundle_local>\b[Cc](?:an't|ould\snot)\sresolve\s["'][./])|(?<bundle_package>\b[Cc](?:an't|ould\snot)\sresolve\s["'])|(?<vite_import>\b[Ff]ailed\sto\s(?:resolve\simport|load\surl)\s)
        |(?<tls_protocol>WRONG_VERSION_NUMBER|wrong\sversion\snumber)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Runtime();

    [GeneratedRegex("""
        \bHTTP(?:/\d(?:\.\d)?|\sError|\sstatus|\scode)*:?\s([45]\d\d)\b
        |["']?(?<!exit\s)(?<!exit_)\b(?:http_?)?(?:status|statusCode|status_code|code)["']?\s?[:=]\s?["']?([45]\d\d)\b
        |\b(?:[Ss]tatus(?:\scode)?|returned(?:\serror)?|responded(?:\swith)?|answered|response(?:\scode)?)(?:\sdoes\snot\sindicate\ssuccess)?(?:\sof)?:?\s([45]\d\d)\b
        |\bERROR\s([45]\d\d):
        |\b([45]\d\d)(?:\s(?:Client|Server)\sError\b|:?\s\(?(?:Bad\sRequest|Unauthorized|Payment|Forbidden|Not\sFound|Method\sNot|Conflict|Gone|Unprocessable|Too\sMany|Internal\sServer|Not\sImplemented|Bad\sGateway|Service\s(?:Temporarily\s)?Unavailable|Gateway\sTime))
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Http();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    [GeneratedRegex("""
        (?<kill>\bSIGKILL\b|\b(?:[Ee]xit(?:ed)?(?:\swith)?|[Ss]tatus|[Cc]ode|Error)(?:\s(?:with|code|status))*\s?[:=]?\s?137\b|\bsignal:?\s(?:9\b|killed)|(?:^|\s)Killed(?:\s|$)|OOMKilled)
        |(?<timeout_command>\b(?:[Ee]xit(?:ed)?(?:\swith)?|[Ss]tatus|[Cc]ode|Error)(?:\s(?:with|code|status))*\s?[:=]?\s?124\b)
        |(?<signal_segv>\bSIGSEGV\b|\b[Ss]egmentation\sfault|\b(?:[Ee]xit(?:ed)?(?:\swith)?|[Ss]tatus|[Cc]ode|Error)(?:\s(?:with|code|status))*\s?[:=]?\s?139\b)
        |(?<signal_abrt>\bSIGABRT\b|(?:^|\s)Aborted(?:\s|$)|\b(?:[Ee]xit(?:ed)?(?:\swith)?|[Ss]tatus|[Cc]ode|Error)(?:\s(?:with|code|status))*\s?[:=]?\s?134\b)
        |(?<signal_term>\bSIGTERM\b|(?:^|\s)Terminated(?:\s|$)|\b(?:[Ee]xit(?:ed)?(?:\swith)?|[Ss]tatus|[Cc]ode|Error)(?:\s(?:with|code|status))*\s?[:=]?\s?143\b)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Signal();
}
