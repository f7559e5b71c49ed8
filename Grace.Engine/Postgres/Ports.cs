using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Grace.Engine.Postgres;

/// <summary>
/// Loopback TCP with a password rather than a Unix socket: a socket path ends at about 107 bytes and data folders are
/// where users put them; Windows clients and other tools connect the same way; and no other user can take a port's
/// server for ours, since SCRAM proves the password in both directions.
/// </summary>
internal static class Ports
{
    /// <summary>Below the range that systems give to outgoing connections, so that it is still free at the next start.</summary>
    public static int Free()
    {
        for (var tries = 0; tries < 200; tries++)
        {
            var port = Random.Shared.Next(20000, 32000);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new PostgresUnavailableException("No free loopback port between 20000 and 32000 for PostgreSQL.");
    }

    public static bool IsFree(int port)
    {
        if (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(l => l.Port == port))
        {
            return false;
        }

        // As the server itself binds: connections that are still closing down do not stand in its way.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, !OperatingSystem.IsWindows());
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
