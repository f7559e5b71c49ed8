using System.Text;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>The text that bytes of a stranger hold, by their mark, or why there is none.</summary>
internal static class FileText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <param name="why">Why it is no text, or with a text, what is not as it was written.</param>
    public static string? Of(byte[] bytes, out string? why)
    {
        why = null;
        switch (bytes)
        {
            case [0xFF, 0xFE, 0, 0, .. var wide]: return Encoding.UTF32.GetString(wide);
            case [0xFF, 0xFE, .. var wide]: return Encoding.Unicode.GetString(wide);
            case [0xFE, 0xFF, .. var wide]: return Encoding.BigEndianUnicode.GetString(wide);
        }
        if (IsBinary(bytes))
        {
            if (Wide(bytes) is { } text) return text;
            why = "It is binary in spite of its name";
            return null;
        }
        try
        {
            return Strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            why = "It is read, but is no UTF-8: signs outside of ASCII are replaced";
            return Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        }
    }

    public static bool IsBinary(ReadOnlySpan<byte> bytes) => bytes[..Math.Min(bytes.Length, 8000)].Contains((byte)0);

    /// <summary>UTF-16 without its mark: every other byte of plain text is 0.</summary>
    private static string? Wide(byte[] bytes)
    {
        if (bytes.Length < 4 || bytes.Length % 2 == 1) return null;
        var (even, odd) = (0, 0);
        for (var at = 0; at < bytes.Length; at++)
            if (bytes[at] == 0) _ = at % 2 == 0 ? even++ : odd++;
        var half = bytes.Length / 2;
        return even == 0 && odd > half * 9 / 10 ? Encoding.Unicode.GetString(bytes) : odd == 0 && even > half * 9 / 10 ? Encoding.BigEndianUnicode.GetString(bytes) : null;
    }
}
