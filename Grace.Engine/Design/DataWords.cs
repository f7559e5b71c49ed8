using System.Text.RegularExpressions;

namespace Grace.Engine.Design;

/// <summary>Whether a task in plain words asks for keeping and serving records of something: "Build a service for managing invoices".</summary>
internal static partial class DataWords
{
    public static bool Describe(string task) =>
        BeyondTemplates.Access(task) is null && BeyondTemplates.Other(task) is null
        && (Keeping().IsMatch(task) || (Serving().Match(task) is { Success: true } serving && TaskWords.Subject(serving.Value) is { } subject && !subject.Any(Does)));

    /// <summary>A service for an activity, a machine or what the world has to be asked for does something; one for things keeps them.</summary>
    private static bool Does(string word) => (Activity().IsMatch(word) && !Things.Contains(word)) || Functions.Contains(word);

    private static readonly HashSet<string> Functions =
    [
        // What runs, carries, guards or watches other things.
        "ai", "analytics", "backup", "backups", "bot", "bots", "broker", "cache", "cd", "chatbot", "ci", "cron", "deploy", "diff", "dns", "failover", "firewall", "hash", "health", "lock", "locks",
        "llm", "login", "logs", "mail", "email", "emails", "math", "mesh", "metrics", "mqtt", "oauth", "ocr", "pdf", "ping", "proxy", "pubsub", "queue", "qr", "barcode", "realtime", "rag", "replica",
        "rpc", "screenshot", "search", "secrets", "sms", "ssh", "sso", "sync", "telemetry", "tenant", "test", "token", "tokens", "upload", "uploads", "vector", "video", "vpn", "webhook", "webhooks",
        "workflow", "workflows", "image", "audio", "voice", "speech", "face", "sentiment", "storage", "sudoku", "chess",
        // What others know and change.
        "weather", "forecast", "climate", "news", "price", "prices", "exchange", "currency", "crypto", "geo", "gps", "map", "maps", "distance", "timezone", "zone", "random", "traffic", "transport",
        // Machines that end like people.
        "balancer", "checker", "compiler", "converter", "crawler", "decoder", "encoder", "formatter", "interpreter", "limiter", "linter", "loader", "mailer", "parser", "poller", "renderer", "resolver",
        "scheduler", "scraper", "shortener", "solver", "transcoder", "watcher",
    ];

    /// <summary>Words that end like an activity and are kept like things.</summary>
    private static readonly HashSet<string> Things =
    [
        "building", "collection", "competition", "donation", "edition", "exhibition", "expedition", "invitation", "listing", "location", "medication", "meeting", "mission", "nation", "nomination",
        "notation", "occupation", "option", "organisation", "organization", "painting", "parking", "petition", "pension", "permission", "plantation", "position", "prescription", "publication",
        "question", "quotation", "rating", "reading", "reaction", "region", "registration", "religion", "reservation", "season", "section", "session", "setting", "station", "subscription", "transaction",
        "vacation", "vacancy", "version", "wedding",
    ];

    /// <summary>The fields that a task names in words, as in "with the fields title, url and tags"; none where it is not clear which.</summary>
    public static IReadOnlyList<string> Fields(string task) =>
        Listed().Match(task) is { Success: true } list ? [.. Items(list).Distinct(StringComparer.OrdinalIgnoreCase)] : [];

    /// <summary>What may be fields or not, as in "with a title and a url".</summary>
    public static string? Perhaps(string task) => With().Match(task) is { Success: true } with ? with.Value.Trim() : null;

    private static IEnumerable<string> Items(Match list) => list.Groups["item"].Captures.Select(c => c.Value);

    private const string Item = @"(?:(?:an?|the|its|their|optional)\s+)?(?<item>(?-i:[a-z_][a-z0-9_]*))";
    private const string More = @"(?:\s*(?:,\s*(?:and\s+|or\s+)?|\s+and\s+|\s*&\s*)" + Item + ")";
    private const string End = @"(?=\s*(?:$|[.;!?)\r\n]))";

    // "Track notes", "a service that stores bookmarks", "an app for managing invoices".
    [GeneratedRegex(@"^\W*(?:please\s+)?(?:track|manage|store|keep|record|save|list|catalogu?e|collect|organi[sz]e|register)\s+(?!track\b)[\p{L}]"
        + @"|\b(?:services?|microservice|apis?|backend|app|application|system|tool|database|endpoints?|server|something)\s+(?:(?:that|which)\s+(?:\w+\s+)?(?:tracks?|manages?|stores?|keeps?|records?|saves?|lists?|catalogu?es?|collects?|organi[sz]es?)|(?:to|for)\s+(?:track|manag|stor|keep|record|sav|list|catalogu?|collect|organi[sz])(?:e|ing)?|for\s+the\s+management\s+of)\s+[\p{L}]"
        + @"|\bcrud\b", RegexOptions.IgnoreCase)]
    private static partial Regex Keeping();

    // "Build a bookmark service", "Write a REST API for books": what is served stands before the word or after "for".
    [GeneratedRegex(@"^\W*(?:(?:please|let\s+us|let's|i|we|you|can|could|would|like|want|need|should|to|a|an)\s+)*(?:build|create|make|implement|write|develop|design|add|provide|generate|set\s+up|an?|the|have)\s+(?:[\p{L}\p{N}-]+\s+){0,4}?(?:services?|microservice|apis?|backend|endpoints?|registry|catalogu?e?|inventory|directory|tracker)\b(?:\s+(?:for|of)\s+(?:the\s+|my\s+|our\s+|a\s+|an\s+)?[\p{L}][\p{L}\p{N}-]*)?"
        + @"(?!\s+(?:that|which|to|gateway|proxy|client|mesh|worker|test|tests)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Serving();

    [GeneratedRegex(@"(?:ing|[ts]ion|ysis|ator|i[sz]er|ifier)$")]
    private static partial Regex Activity();

    [GeneratedRegex(@"\b(?:fields|columns|attributes|properties)\b\s*(?:are|named|called|like|such\s+as)?\s*:?\s*" + Item + More + "*" + End, RegexOptions.IgnoreCase)]
    private static partial Regex Listed();

    [GeneratedRegex(@"\b(?:with|having|has|have|containing|including|fields?|columns?|attributes?|properties)\s*:?\s+(?:" + Item + More + @"+|(?:an?|the|its|their)\s+(?<item>(?-i:[a-z_][a-z0-9_]*)))", RegexOptions.IgnoreCase)]
    private static partial Regex With();
}
