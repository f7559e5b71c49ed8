using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Grace.Engine.Failures;

/// <summary>
/// How many different names were seen, in bounded memory: the smallest hashes are kept, and how close together they lie says
/// how many there are. Exact up to <see cref="Exact"/> names, beyond that within about a tenth.
/// </summary>
/// <param name="Smallest">Hashes of 52 bits (every JSON reader takes them whole), ascending.</param>
public sealed record DistinctCount(IReadOnlyList<long> Smallest)
{
    public const int Exact = 128;

    const long Range = 1L << 52;

    public static readonly DistinctCount None = new([]);

    public DistinctCount With(string name)
    {
        var hash = BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))) & (Range - 1);
        return Smallest.Contains(hash) ? this : new([.. Smallest.Append(hash).Order().Take(Exact)]);
    }

    public int Count() => Smallest.Count < Exact ? Smallest.Count : (int)Math.Min(int.MaxValue, (Exact - 1) * ((double)Range / (Smallest[^1] + 1)));
}
