using System.Text;

namespace Grace.Engine.Workspaces;

/// <summary>Keeps the head and the tail of a stream of bytes, so that an endless printer costs bounded memory.</summary>
internal sealed class BoundedOutput(int limit, Action<string>? onLine)
{
    private const int LongestLine = 4096;
    private readonly byte[] head = new byte[Math.Max(limit / 2, 1)];
    private readonly byte[] tail = new byte[Math.Max(limit - (limit / 2), 1)];
    private readonly byte[] line = new byte[LongestLine];
    private readonly Lock gate = new();
    private int headLength;
    private int lineLength;
    private long tailSeen;

    /// <summary>Bytes that neither half holds.</summary>
    public long Cut
    {
        get
        {
            lock (gate)
            {
                return Math.Max(0, tailSeen - tail.Length);
            }
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            Keep(bytes);
        }

        if (onLine is not null)
        {
            SplitLines(bytes);
        }
    }

    /// <summary>Hands over a last line that had no line feed.</summary>
    public void Complete()
    {
        if (onLine is not null && lineLength > 0)
        {
            Hand();
        }
    }

    public override string ToString()
    {
        lock (gate)
        {
            var text = new StringBuilder(Encoding.UTF8.GetString(head, 0, headLength));
            var cut = Math.Max(0, tailSeen - tail.Length);
            if (cut == 0)
            {
                return text.Append(Encoding.UTF8.GetString(tail, 0, (int)tailSeen)).ToString();
            }

            var start = (int)(tailSeen % tail.Length);
            byte[] ordered = [.. tail[start..], .. tail[..start]];
            return text.Append($"\n[… {cut} bytes cut …]\n").Append(Encoding.UTF8.GetString(ordered)).ToString();
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var room = Math.Min(bytes.Length, head.Length - headLength);
        bytes[..room].CopyTo(head.AsSpan(headLength));
        headLength += room;
        foreach (var value in bytes[room..])
        {
            tail[tailSeen++ % tail.Length] = value;
        }
    }

    private void SplitLines(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value == '\n')
            {
                Hand();
            }
            else if (lineLength < LongestLine)
            {
                line[lineLength++] = value;
            }
        }
    }

    private void Hand()
    {
        var text = Encoding.UTF8.GetString(line, 0, lineLength).TrimEnd('\r');
        lineLength = 0;
        onLine!(text);
    }
}
