namespace Grace.Engine.Workspaces;

/// <summary>The environment of a confined command, built from nothing: the parent's secrets never enter it.</summary>
internal static class SandboxEnvironment
{
    // Settings of the machine that tools need to reach a registry through its proxy and certificates; none is a secret.
    private static readonly string[] Kept =
    [
        "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "GIT_SSL_CAINFO",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "NUGET_CERT_REVOCATION_MODE",
        "npm_config_registry", "PIP_INDEX_URL", "PIP_FIND_LINKS", "GOPROXY", "GONOSUMDB", "GOSUMDB", "RUSTUP_AUTO_INSTALL", "DOTNET_ROOT", "TZ",
    ];

    public static Dictionary<string, string> Build(SandboxFolders folders, RunFolders own, string run, IReadOnlyDictionary<string, string> additions)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = folders.SearchPath,
            ["HOME"] = own.Home,
            ["USER"] = "grace",
            ["LANG"] = "C.UTF-8",
            // Some take "dumb" for a word against colours that a test asks for; where there is no terminal, the others write none anyway.
            ["TERM"] = "xterm",
            ["TMPDIR"] = "/tmp",
            ["CI"] = "true",
            ["DOTNET_CLI_HOME"] = own.Home,
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
            ["DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            // Compilers live for seconds: what the runtime prepares for later costs them up to a third of their time.
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_TC_CallCountingDelayMs"] = "1000", // in hexadecimal, as the runtime reads it
            // Build servers outlive the build and hold its output open.
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
            ["NUGET_PACKAGES"] = folders.Cache("nuget"),
            ["NUGET_HTTP_CACHE_PATH"] = folders.Cache("nuget-http"),
            // NuGet's locks lie here: beside the cache they guard, since each run has a /tmp of its own.
            ["NUGET_SCRATCH"] = folders.Cache("nuget-scratch"),
            ["npm_config_cache"] = folders.Cache("npm"),
            ["npm_config_update_notifier"] = "false",
            ["npm_config_fund"] = "false",
            ["npm_config_audit"] = "false",
            ["PIP_CACHE_DIR"] = folders.Cache("pip"),
            ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1",
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["PYTHONUNBUFFERED"] = "1",
            ["CARGO_HOME"] = folders.Cache("cargo"),
            ["CARGO_TERM_COLOR"] = "never",
            ["GOPATH"] = folders.Cache("go"),
            ["GOCACHE"] = folders.Cache("go-build"),
            // The repository's own configuration is read-only here: tools that install git hooks need not try.
            ["HUSKY"] = "0",
            ["LEFTHOOK"] = "0",
        };
        foreach (var (name, folder) in folders.ToolHomes)
        {
            environment[name] = folder;
        }

        foreach (var name in Kept)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value && !HoldsCredentials(value))
            {
                environment[name] = value;
            }
        }

        foreach (var (name, value) in additions)
        {
            environment[name] = value;
        }

        // Last, since what a command adds must not hide its processes from the sandbox.
        environment[ProcessTree.Mark] = run;
        return environment;
    }

    private static bool HoldsCredentials(string value) => value.Contains("://", StringComparison.Ordinal) && value.Contains('@', StringComparison.Ordinal);
}
