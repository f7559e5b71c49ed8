namespace Grace.Engine.Design;

/// <summary>What a folder of templates says about itself: which files it makes, what those need, and how its language names things.</summary>
internal sealed class TemplateManifest
{
    public required string Language { get; init; }

    /// <summary>What a task may ask for as its framework, spelled in every way that is understood, the usual one first; empty: none can be asked for.</summary>
    public List<string> Frameworks { get; init; } = [];

    /// <summary>The same for its database: what the services really store in.</summary>
    public List<string> Databases { get; init; } = [];

    /// <summary>What has to answer where a service is written; else the language's plain templates are used, and that is said.</summary>
    public List<Need> Needs { get; init; } = [];

    /// <summary>Found by templates under <c>words</c>, so that folders can share them. <c>on</c> also says in messages what the service is written on.</summary>
    public Dictionary<string, string> Words { get; init; } = [];

    /// <summary>Appended to the name of a type that the language or the generated code needs for itself.</summary>
    public string TypeSuffix { get; init; } = "Item";

    public string MemberSuffix { get; init; } = "Value";

    /// <summary>Endings of the types made for a resource; a member must not be named like the type it is in.</summary>
    public List<string> OwnTypes { get; init; } = [];

    public List<string> ReservedTypes { get; init; } = [];

    public List<string> ReservedMembers { get; init; } = [];

    /// <summary>By type as designs spell it: whatever the templates want to find under <c>field.lang</c>.</summary>
    public required Dictionary<string, Dictionary<string, string>> Types { get; init; }

    public required List<File> Files { get; init; }

    internal sealed class Need
    {
        /// <summary>Program and arguments; it must exit with 0 in the sandbox.</summary>
        public required List<string> Command { get; init; }

        /// <summary>What to do where it does not.</summary>
        public string? Remedy { get; init; }
    }

    internal sealed class File
    {
        public required string Template { get; init; }

        /// <summary>A template as well.</summary>
        public required string Path { get; init; }

        /// <summary>"resource" for one file per resource; null for one file.</summary>
        public string? Each { get; init; }

        /// <summary>The folder of templates that has it, e.g. python-service; null for this one.</summary>
        public string? From { get; init; }
    }
}
