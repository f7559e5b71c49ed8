using System.Globalization;

namespace Grace.Engine.Deployments;

/// <summary>Where a port of this machine is open, by the kernel's own tables. Elsewhere than on Linux nothing is known.</summary>
static class Listening
{
    const string Listen = "0A";

    /// <summary>True when somebody listens on the port under another address than loopback.</summary>
    public static bool BeyondLoopback(int port) =>
        new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines).Any(line => IsOpen(line, port));

    /// <param name="line">As in proc(5): number, local address:port in hexadecimal, remote one, state, …</param>
    public static bool IsOpen(string line, int port)
    {
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [_, var local, _, Listen, ..] || local.Split(':') is not [var address, var its])
            return false;
        return int.Parse(its, NumberStyles.HexNumber, CultureInfo.InvariantCulture) == port && !IsLoopback(address);
    }

    // Words of four bytes, each in the machine's order: 127.0.0.1 is 0100007F on the usual ones, ::1 ends with 01000000.
    static bool IsLoopback(string address) => address switch
    {
        { Length: 8 } => address.EndsWith("7F", StringComparison.Ordinal),
        "00000000000000000000000001000000" => true,
        _ => address.StartsWith("0000000000000000FFFF0000", StringComparison.Ordinal) && address.EndsWith("7F", StringComparison.Ordinal),
    };
}
