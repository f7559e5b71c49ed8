using System.Security.Cryptography;
using Grace.Engine.Hosting;

namespace Grace.Engine.Log;

/// <summary>The key that signs the log's roots: ECDSA P-256, in the data folder, outside the database it vouches for.</summary>
public sealed class SigningKey : IDisposable
{
    readonly ECDsa key;

    SigningKey(ECDsa key)
    {
        this.key = key;
        PublicKey = key.ExportSubjectPublicKeyInfo();
        Id = IdOf(PublicKey);
    }

    public byte[] PublicKey { get; }

    /// <summary>The first 16 hex digits of the public key's SHA-256.</summary>
    public string Id { get; }

    public static SigningKey Open(DataFolder data)
    {
        var file = Path.Combine(data.Keys, "log-signing.pem");
        if (!File.Exists(file))
        {
            using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            SecretFile.Write(file, fresh.ExportPkcs8PrivateKeyPem());
        }
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(file));
        return new(key);
    }

    public byte[] Sign(byte[] root) => key.SignData(root, HashAlgorithmName.SHA256);

    /// <summary>The signature as other tools read it: ASN.1 DER.</summary>
    public byte[] SignDer(byte[] message) => key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public static bool Verify(byte[] publicKey, byte[] root, byte[] signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.VerifyData(root, signature, HashAlgorithmName.SHA256);
    }

    public static string IdOf(byte[] publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey))[..16];

    public void Dispose() => key.Dispose();
}
