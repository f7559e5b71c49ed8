using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>
/// What refused a connection: a database, an HTTP service, a source of packages. It is told by who asked (a registry's client,
/// a database's driver), by the address's scheme, and by the port where it is one that a service is known for.
/// </summary>
internal static partial class RefusedEndpoint
{
    static readonly (string Role, Regex Match)[] Askers =
    [
        ("npm registry", Npm()), ("pip index", Pip()), ("nuget source", NuGet()), ("cargo registry", Cargo()), ("go proxy", GoProxy()), ("apt source", Apt()),
        ("gem source", Gem()), ("maven repository", Maven()), ("docker daemon", Docker()), ("git remote", Git()), ("ssh", Ssh()), ("postgres", Postgres()), ("redis", Redis()), ("mysql", MySql()), ("mongodb", Mongo()),
        ("amqp", Amqp()), ("kafka", Kafka()), ("elasticsearch", Elastic()), ("memcached", Memcached()), ("smtp", Smtp()), ("ldap", Ldap()), ("ftp", Ftp()), ("tls", Tls()),
    ];

    static readonly Dictionary<int, string> Ports = new()
    {
        [5432] = "postgres", [5433] = "postgres", [6432] = "postgres", [6379] = "redis", [6380] = "redis", [3306] = "mysql", [33060] = "mysql", [27017] = "mongodb", [27018] = "mongodb",
        [5672] = "amqp", [5671] = "amqp", [9092] = "kafka", [9200] = "elasticsearch", [9300] = "elasticsearch", [11211] = "memcached", [25] = "smtp", [465] = "smtp", [587] = "smtp",
        [1025] = "smtp", [389] = "ldap", [636] = "ldap", [22] = "ssh", [21] = "ftp", [1433] = "sqlserver", [1521] = "oracle", [9042] = "cassandra", [2181] = "zookeeper", [2379] = "etcd",
        [4222] = "nats", [8500] = "consul", [2375] = "docker daemon", [9418] = "git remote", [4873] = "npm registry", [3141] = "pip index", [4566] = "aws", [6443] = "kubernetes",
    };

    /// <param name="line">The line that says so.</param>
    /// <param name="lines">All of the message: what asked stands around it.</param>
    public static string Role(string line, IReadOnlyList<string> lines)
    {
        foreach (var (role, match) in Askers)
            if (match.IsMatch(line))
                return role;
        if (Port(line) is { } known)
            return known;
        foreach (var (role, match) in Askers)
            if (lines.Any(l => match.IsMatch(l)))
                return role;
        return lines.Where(l => !Frame().IsMatch(l)).Select(Port).FirstOrDefault(p => p is not null) ?? Speaker(line) ?? "http";
    }

    /// <summary>A program that speaks a protocol of its own; what fetches over HTTP speaks for any service.</summary>
    static string? Speaker(string line) => FailureVoice.Of(line, []) is { } program && Protocols().IsMatch(program) ? program : null;

    static string? Port(string line)
    {
        foreach (Match port in PortOf().Matches(line))
            if (int.TryParse(port.Groups[1].Value, CultureInfo.InvariantCulture, out var number) && (Ports.TryGetValue(number, out var role) || IsShifted(number, out role)))
                return role;
        return null;
    }

    /// <summary>A second server takes a port that recalls the usual one: 15432, 5434, 16379.</summary>
    static bool IsShifted(int port, [NotNullWhen(true)] out string? role) =>
        (role = port is >= 5430 and < 5440 or >= 54320 and < 54330 ? "postgres" : null) is not null || (port is > 10_000 and < 65_536 && Ports.TryGetValue(port % 10_000, out role) && port % 10_000 > 1000);

    [GeneratedRegex(@"(?:[\w\]:]:|\bport[ :=]{1,3}'?|['""],\s*)(\d{2,5})\b(?!:\d)", RegexOptions.IgnoreCase)]
    private static partial Regex PortOf();

    // Its numbers are lines and columns.
    [GeneratedRegex(@"^\s*(?:at\s|File\s"")|\.\w{1,4}:\d+")]
    private static partial Regex Frame();

    [GeneratedRegex(@"^\s*npm (?:ERR!|error)|registry\.npmjs|\bFetchError: request to|\b(?:yarn|pnpm)\b.*(?:ERR|error)|\bcode ECONNREFUSED|^request to http\S+ failed|^errno ECONNREFUSED")]
    private static partial Regex Npm();

    [GeneratedRegex(@"/simple/|\bpip[\\/._]|pypi|Could not find a version that satisfies|No matching distribution")]
    private static partial Regex Pip();

    [GeneratedRegex(@"\bNU1\d{3}\b|service index for source|nuget\.org|/v3/index\.json")]
    private static partial Regex NuGet();

    [GeneratedRegex(@"index\.crates\.io|failed to (?:download|fetch) .*(?:crate|registry|index)|spurious network error|Updating .* index")]
    private static partial Regex Cargo();

    [GeneratedRegex(@"/@v/|proxy\.golang|\bGOPROXY\b|^go: ")]
    private static partial Regex GoProxy();

    [GeneratedRegex(@"^(?:E|W|Err):\S* .*(?:Failed to fetch|http)|\bdists/\w+|/(?:In)?Release\b")]
    private static partial Regex Apt();

    [GeneratedRegex(@"\brubygems\b|valid gem '|\bgems? from\b", RegexOptions.IgnoreCase)]
    private static partial Regex Gem();

    [GeneratedRegex(@"^(?:rsync|telnet|nc|ncat|netcat|ntpdate|snmp\w+|rdesktop|rpcinfo|showmount|mosquitto_\w+|svn|hg|kubectl|etcdctl|consul|vault|nats|lftp|sftp|scp|whois|dig|nslookup|swaks|mosh)$")]
    private static partial Regex Protocols();

    [GeneratedRegex(@"Could not transfer artifact|Could not (?:GET|HEAD) '|repo\.maven|\bmaven2\b")]
    private static partial Regex Maven();

    [GeneratedRegex(@"[Dd]ocker (?:daemon|API)|docker\.sock")]
    private static partial Regex Docker();

    [GeneratedRegex(@"^fatal: (?:unable to (?:access|connect to)|Could not read from remote)|^Cloning into|\bgit(?:://|@)")]
    private static partial Regex Git();

    [GeneratedRegex(@"^ssh: |\bssh: connect to host|paramiko|NoValidConnectionsError|\bssh://")]
    private static partial Regex Ssh();

    [GeneratedRegex(@"postgres|psycopg|\bpg[._/-]|\bnpgsql\b|asyncpg|\bpsql\b|connection to server (?:at|on)|accepting TCP/IP connections on (?:that )?port|node_modules/pg\b", RegexOptions.IgnoreCase)]
    private static partial Regex Postgres();

    [GeneratedRegex(@"\bredis\b|ioredis", RegexOptions.IgnoreCase)]
    private static partial Regex Redis();

    [GeneratedRegex(@"mysql|mariadb|\(HY000\)", RegexOptions.IgnoreCase)]
    private static partial Regex MySql();

    [GeneratedRegex(@"mongo", RegexOptions.IgnoreCase)]
    private static partial Regex Mongo();

    [GeneratedRegex(@"\bamqps?\b|rabbitmq|\bpika\b", RegexOptions.IgnoreCase)]
    private static partial Regex Amqp();

    [GeneratedRegex(@"kafka|NoBrokersAvailable", RegexOptions.IgnoreCase)]
    private static partial Regex Kafka();

    [GeneratedRegex(@"elasticsearch|opensearch", RegexOptions.IgnoreCase)]
    private static partial Regex Elastic();

    [GeneratedRegex(@"memcache", RegexOptions.IgnoreCase)]
    private static partial Regex Memcached();

    [GeneratedRegex(@"\bsmtp|nodemailer", RegexOptions.IgnoreCase)]
    private static partial Regex Smtp();

    [GeneratedRegex(@"\bldaps?\b", RegexOptions.IgnoreCase)]
    private static partial Regex Ldap();

    [GeneratedRegex(@"\bftplib\b|\bftps?://", RegexOptions.IgnoreCase)]
    private static partial Regex Ftp();

    [GeneratedRegex(@"BIO_connect|BIO routines")]
    private static partial Regex Tls();
}
