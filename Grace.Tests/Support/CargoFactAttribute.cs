using Grace.Engine.Workspaces;

namespace Grace.Tests.Support;

/// <summary>Needs Rust's cargo, which is too large to be installed for a few tests.</summary>
public sealed class CargoFactAttribute : FactAttribute
{
    public CargoFactAttribute() => Skip = new Sandbox(Path.GetTempPath(), TimeProvider.System).Has("cargo") ? null : "cargo is not installed";
}
