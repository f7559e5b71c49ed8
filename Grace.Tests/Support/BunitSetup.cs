using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Grace.Tests.Support;

static class BunitSetup
{
    /// <summary>bUnit was built against another AngleSharp.Diffing than the registry serves; the copy beside the tests does.</summary>
    [ModuleInitializer]
    public static void Initialise() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name == "AngleSharp.Diffing" ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll")) : null;
}
