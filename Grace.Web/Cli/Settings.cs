using Grace.Engine;
using Grace.Engine.Hosting;
using Grace.Engine.Postgres;

namespace Grace.Web.Cli;

/// <summary>A wrong value in the configuration: one line that names key, value and what is allowed.</summary>
sealed class WrongSetting(string message) : Exception(message);

/// <summary>The configuration: appsettings.json, then environment, then command line.</summary>
sealed record Settings(GraceOptions Options, DataFolder Data, IConfiguration Configuration)
{
    public static Settings Load(string? data, Dictionary<string, string?> given)
    {
        if (data is not null)
            given["Grace:Data"] = data;
        var sources = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(given);
        var configuration = sources.AddInMemoryCollection(SettingNames.Lists(sources.Build().GetSection("Grace"), typeof(GraceOptions))).Build();
        if (SettingNames.Unknown(configuration.GetSection("Grace"), typeof(GraceOptions)).FirstOrDefault() is { } unknown)
            throw new WrongSetting(unknown);
        var options = new GraceOptions();
        try
        {
            configuration.GetSection("Grace").Bind(options);
        }
        catch (InvalidOperationException wrong)
        {
            // "Failed to convert configuration value 'abc' at 'Grace:…' to type 'System.Int32'."
            throw new WrongSetting(wrong.Message.Replace("System.Int32", "whole number", StringComparison.Ordinal)
                .Replace("System.Boolean", "true or false", StringComparison.Ordinal).Replace("System.TimeSpan", "time such as 00:30:00", StringComparison.Ordinal));
        }
        if (options.Check().FirstOrDefault() is { } problem)
            throw new WrongSetting(problem);
        try
        {
            return new(options, new DataFolder(options.Data), configuration);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WrongSetting($"Grace:Data is '{options.Data}'; it must be a folder that can be written: {e.Message}");
        }
    }
}

/// <summary>The database that the settings name: a given server, or the one in the data folder.</summary>
sealed class OpenDatabase : IAsyncDisposable
{
    readonly EmbeddedPostgres? embedded;

    OpenDatabase(Database database, string ownerConnection, EmbeddedPostgres? embedded) =>
        (Database, OwnerConnection, this.embedded) = (database, ownerConnection, embedded);

    public Database Database { get; }

    /// <summary>As the role that owns the schema; for benchmarks that make tables of their own.</summary>
    public string OwnerConnection { get; }

    public static async Task<OpenDatabase> OpenAsync(Settings settings, Action<string> say, CancellationToken cancel = default)
    {
        if (settings.Options.Database.Length > 0)
        {
            try
            {
                return new(await Database.OpenAsync(settings.Options.Database, cancel), settings.Options.Database, null);
            }
            catch (Exception e) when (e is Npgsql.NpgsqlException or ArgumentException)
            {
                throw new WrongSetting($"Grace:Database names a database that cannot be opened: {e.Message} It must be a PostgreSQL connection string, or empty for the embedded one.");
            }
        }
        var embedded = await EmbeddedPostgres.StartAsync(settings.Data.Root, say, cancel);
        return new(await Database.OpenAsync(embedded.ConnectionString, cancel), embedded.ConnectionString, embedded);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        if (embedded is not null)
            await embedded.DisposeAsync();
    }
}
