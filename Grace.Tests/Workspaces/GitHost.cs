using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grace.Tests.Workspaces;

/// <summary>A git host over HTTP that asks for a name and a token: git's own http-backend behind a port.</summary>
sealed class GitHost : IAsyncDisposable
{
    readonly WebApplication app;

    GitHost(WebApplication app) => this.app = app;

    /// <param name="root">The folder of the repositories.</param>
    public static async Task<GitHost> StartAsync(string root, string user, string token)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{token}"));
        app.Run(http => http.Request.Headers.Authorization == expected ? ServeAsync(http, root) : AskAsync(http));
        await app.StartAsync();
        return new(app);
    }

    public Uri Address => new(app.Urls.Single());

    static Task AskAsync(HttpContext http)
    {
        http.Response.StatusCode = 401;
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
        return Task.CompletedTask;
    }

    static async Task ServeAsync(HttpContext http, string root)
    {
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "http-backend"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in new (string, string?)[]
                 {
                     ("GIT_PROJECT_ROOT", root), ("GIT_HTTP_EXPORT_ALL", "1"), ("PATH_INFO", http.Request.Path.Value), ("QUERY_STRING", http.Request.QueryString.Value?.TrimStart('?')),
                     ("REQUEST_METHOD", http.Request.Method), ("CONTENT_TYPE", http.Request.ContentType), ("HTTP_CONTENT_ENCODING", http.Request.Headers.ContentEncoding),
                     ("GIT_PROTOCOL", http.Request.Headers["Git-Protocol"]), ("REMOTE_USER", "ada"),
                 })
            start.Environment[name] = value ?? "";
        using var backend = Process.Start(start)!;
        var sending = SendAsync(http.Request.Body, backend.StandardInput);
        using var answer = new MemoryStream();
        await backend.StandardOutput.BaseStream.CopyToAsync(answer);
        await sending;
        var bytes = answer.ToArray();
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var line in Encoding.ASCII.GetString(bytes, 0, end).Split("\r\n").Select(l => l.Split(": ", 2)))
        {
            if (line[0] == "Status")
                http.Response.StatusCode = int.Parse(line[1][..3], System.Globalization.CultureInfo.InvariantCulture);
            else
                http.Response.Headers[line[0]] = line[1];
        }
        await http.Response.Body.WriteAsync(bytes.AsMemory(end + 4));
    }

    static async Task SendAsync(Stream body, StreamWriter input)
    {
        await body.CopyToAsync(input.BaseStream);
        input.Close();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
