namespace Grace.Tests.Support;

/// <summary>Elsewhere than on Linux the test is skipped, and counted as skipped.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    private string? skip;

    /// <summary>Skipped for ordinary users too.</summary>
    public bool AsRoot { get; set; }

    public override string? Skip
    {
        get => skip
            ?? (!OperatingSystem.IsLinux() ? "Only on Linux." : AsRoot && !Environment.IsPrivilegedProcess ? "Only as root." : null);
        set => skip = value;
    }
}
