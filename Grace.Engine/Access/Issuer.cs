namespace Grace.Engine.Access;

/// <summary>Whoever issues a command: asked again for each one, so that what was revoked meanwhile counts.</summary>
public abstract class Issuer
{
    /// <summary>Grace itself, for what no person decides.</summary>
    public static readonly Issuer System = new Itself("system");

    /// <summary>The verified identity that the log records.</summary>
    public abstract string Name { get; }

    /// <exception cref="NotAllowed">The right is missing at this moment.</exception>
    public abstract ValueTask DemandAsync(Right right, CancellationToken cancel);

    /// <summary>Whoever runs this process may do everything: the machine's own accounts guard that.</summary>
    public static Issuer OfThisProcess(string name) => new Itself(name);

    sealed class Itself(string name) : Issuer
    {
        public override string Name => name;

        public override ValueTask DemandAsync(Right right, CancellationToken cancel) => ValueTask.CompletedTask;
    }
}

/// <summary>A right is missing. Nothing has happened.</summary>
/// <param name="role">The role that was found; null: no access at all any more.</param>
public sealed class NotAllowed(Right right, Role? role, string name) : Exception(Says(right, role, name))
{
    public Right Right { get; } = right;

    public Role? Role { get; } = role;

    static string Says(Right right, Role? role, string name) => role is { } has
        ? $"The right '{right.Name()}' is missing: '{name}' is {has.Name()} and may not {right.Does()}. {Roles(right)} may."
        : "Your access has ended; sign in again, or use a key in force.";

    /// <summary>Guardian and admin.</summary>
    static string Roles(Right right)
    {
        var names = Rights.Who(right).Select(r => r.Name()).ToList();
        var text = names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
        return char.ToUpperInvariant(text[0]) + text[1..];
    }
}
