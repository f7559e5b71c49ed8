using System.Buffers.Binary;
using System.Text;

namespace Grace.Web.Bench;

/// <summary>As much of SignalR's MessagePack protocol as a Blazor circuit speaks: invocations, read and written.</summary>
static class BlazorPack
{
    /// <summary>A call without an answer, framed by its length.</summary>
    public static byte[] Invoke(string? id, string target, params object?[] arguments)
    {
        using var body = new MemoryStream();
        body.WriteByte(0x96);
        body.WriteByte(1);
        body.WriteByte(0x80);
        Write(body, id);
        Write(body, target);
        body.WriteByte((byte)(0x90 | arguments.Length));
        foreach (var argument in arguments)
            Write(body, argument);
        body.WriteByte(0x90);
        using var framed = new MemoryStream();
        for (var length = (uint)body.Length; ; length >>= 7)
        {
            framed.WriteByte((byte)(length > 0x7f ? (length & 0x7f) | 0x80 : length));
            if (length <= 0x7f)
                break;
        }
        body.WriteTo(framed);
        return framed.ToArray();
    }

    static void Write(MemoryStream to, object? value)
    {
        switch (value)
        {
            case null: to.WriteByte(0xc0); break;
            case bool flag: to.WriteByte((byte)(flag ? 0xc3 : 0xc2)); break;
            case long number:
                Span<byte> eight = stackalloc byte[9];
                eight[0] = 0xd3;
                BinaryPrimitives.WriteInt64BigEndian(eight[1..], number);
                to.Write(eight);
                break;
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                Span<byte> head = stackalloc byte[5];
                head[0] = 0xdb;
                BinaryPrimitives.WriteUInt32BigEndian(head[1..], (uint)bytes.Length);
                to.Write(head);
                to.Write(bytes);
                break;
            default: throw new NotSupportedException(value.GetType().Name);
        }
    }

    /// <summary>The messages of one or more frames, each as nested lists; bytes stay where they lie.</summary>
    public static IEnumerable<List<object?>> Read(ReadOnlyMemory<byte> data)
    {
        var at = 0;
        while (at < data.Length)
        {
            var (length, shift) = (0, 0);
            while (true)
            {
                var part = data.Span[at++];
                length |= (part & 0x7f) << shift;
                shift += 7;
                if (part < 0x80)
                    break;
            }
            var within = 0;
            if (Value(data.Slice(at, length), ref within) is List<object?> message)
                yield return message;
            at += length;
        }
    }

    static object? Value(ReadOnlyMemory<byte> data, ref int at)
    {
        var kind = data.Span[at++];
        switch (kind)
        {
            case <= 0x7f: return (long)kind;
            case <= 0x8f: return Pairs(data, ref at, kind & 0xf);
            case <= 0x9f: return Items(data, ref at, kind & 0xf);
            case <= 0xbf: return Text(data, ref at, kind & 0x1f);
            case 0xc0: return null;
            case 0xc2: return false;
            case 0xc3: return true;
            case 0xc4: return Bytes(data, ref at, (int)Number(data, ref at, 1));
            case 0xc5: return Bytes(data, ref at, (int)Number(data, ref at, 2));
            case 0xc6: return Bytes(data, ref at, (int)Number(data, ref at, 4));
            case 0xca: at += 4; return 0d;
            case 0xcb: at += 8; return 0d;
            case 0xcc or 0xcd or 0xce or 0xcf: return Number(data, ref at, 1 << (kind - 0xcc));
            case 0xd0 or 0xd1 or 0xd2 or 0xd3: return Number(data, ref at, 1 << (kind - 0xd0));
            case 0xd9: return Text(data, ref at, (int)Number(data, ref at, 1));
            case 0xda: return Text(data, ref at, (int)Number(data, ref at, 2));
            case 0xdb: return Text(data, ref at, (int)Number(data, ref at, 4));
            case 0xdc: return Items(data, ref at, (int)Number(data, ref at, 2));
            case 0xde: return Pairs(data, ref at, (int)Number(data, ref at, 2));
            case >= 0xe0: return (long)(sbyte)kind;
            default: throw new InvalidDataException($"MessagePack kind {kind:x2} is not spoken here.");
        }
    }

    static long Number(ReadOnlyMemory<byte> data, ref int at, int size)
    {
        long value = 0;
        for (var n = 0; n < size; n++)
            value = (value << 8) | data.Span[at++];
        return value;
    }

    static string Text(ReadOnlyMemory<byte> data, ref int at, int length) => Encoding.UTF8.GetString(Bytes(data, ref at, length).Span);

    static ReadOnlyMemory<byte> Bytes(ReadOnlyMemory<byte> data, ref int at, int length)
    {
        at += length;
        return data.Slice(at - length, length);
    }

    static List<object?> Items(ReadOnlyMemory<byte> data, ref int at, int count)
    {
        List<object?> items = [];
        while (items.Count < count)
            items.Add(Value(data, ref at));
        return items;
    }

    static object? Pairs(ReadOnlyMemory<byte> data, ref int at, int count)
    {
        for (var n = 0; n < 2 * count; n++)
            Value(data, ref at);
        return null;
    }
}
