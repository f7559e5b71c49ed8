namespace Grace.Web.Components.Parts.Artifacts;

/// <summary>The editor's name of a file's language, by how the file is called.</summary>
static class CodeLanguage
{
    public static string Of(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name == "Dockerfile" ? "dockerfile" : name[(name.LastIndexOf('.') + 1)..].ToLowerInvariant() switch
        {
            "cs" or "csx" => "csharp",
            "py" => "python",
            "js" or "mjs" or "cjs" or "jsx" => "javascript",
            "ts" or "tsx" => "typescript",
            "json" or "webmanifest" => "json",
            "md" => "markdown",
            "yml" or "yaml" => "yaml",
            "csproj" or "props" or "targets" or "xml" or "slnx" or "svg" or "resx" => "xml",
            "html" or "htm" or "razor" or "cshtml" => "html",
            "css" => "css",
            "sql" => "sql",
            "sh" or "bash" => "shell",
            "go" => "go",
            "rs" => "rust",
            "java" => "java",
            "toml" or "ini" or "editorconfig" or "cfg" => "ini",
            _ => "plaintext",
        };
    }
}
