namespace Grace.Engine.Design;

/// <summary>What a folder of templates says about itself: which files it makes, and how its language names things.</summary>
internal sealed class TemplateManifest
{
    public required string Language { get; init; }

    /// <summary>Appended to the name of a type that the language or the generated code needs for itself.</summary>
    public required string TypeSuffix { get; init; }

    public required string MemberSuffix { get; init; }

    /// <summary>Endings of the types made for a resource; a member must not be named like the type it is in.</summary>
    public required List<string> OwnTypes { get; init; }

    public required List<string> ReservedTypes { get; init; }

    public required List<string> ReservedMembers { get; init; }

    /// <summary>By type as designs spell it: whatever the templates want to find under <c>field.lang</c>.</summary>
    public required Dictionary<string, Dictionary<string, string>> Types { get; init; }

    public required List<File> Files { get; init; }

    internal sealed class File
    {
        public required string Template { get; init; }

        /// <summary>A template as well.</summary>
        public required string Path { get; init; }

        /// <summary>"resource" for one file per resource; null for one file.</summary>
        public string? Each { get; init; }
    }
}
