using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Grace.Tests.Support;

/// <summary>
/// bUnit asks for AngleSharp.Diffing 1.1; the registry serves 0.17.0, which has what bUnit uses. Its version is lower
/// than the one asked for, so the runtime does not take it by itself.
/// </summary>
internal static class BunitSetup
{
    private const string Diffing = "AngleSharp.Diffing";

    // CA2255: initializers are for applications; a test assembly is one.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void AnswerForDiffing() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name == Diffing ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, Diffing + ".dll")) : null;
}
