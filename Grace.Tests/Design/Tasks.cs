using FsCheck;
using FsCheck.Fluent;

namespace Grace.Tests.Design;

/// <summary>Tasks that declare one resource of any name, with fields of any names and types.</summary>
internal static class Tasks
{
    private static readonly string[] Names =
    [
        "order", "group", "class", "namespace", "event", "select", "string", "Equals", "to_string", "read", "dueDate", "value",
        "x", "log2", "rowid", "from_fields", "GUID", "clone", "base", "record", "where", "status_values", "EventValue",
    ];

    private static readonly string[] Types =
    [
        "string", "text", "int", "long", "decimal", "bool", "date", "datetime", "uri", "email", "uuid", "string(5)",
    ];

    private static readonly string[] Resources =
    [
        "Bookmark", "Event", "Task", "Order", "Group", "Class", "News", "Result", "Option", "System", "Program", "Guid", "Database",
        "Page", "Problem", "Test", "person", "HTTPLog", "order_item", "Namespace", "Object", "Thread", "Path", "Controller",
    ];

    public static Arbitrary<string> Declared() =>
        (from resource in Gen.Elements(Resources)
         from names in Gen.SubListOf(Names)
         from types in Gen.ArrayOf(Type(), Names.Length)
         let fields = names.DefaultIfEmpty("title").Select((name, n) => $"{name}: {types[n]}")
         select $"Build {resource}({string.Join(", ", fields)})").ToArbitrary();

    private static Gen<string> Type() =>
        from plain in Gen.Elements(Types)
        from ending in Gen.Elements("", "?", "[]", "[]?")
        from choice in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        select choice ? "open|in-progress|done" : plain + ending;
}
