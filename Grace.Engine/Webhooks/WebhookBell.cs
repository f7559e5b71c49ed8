namespace Grace.Engine.Webhooks;

/// <summary>"Something changed with the webhooks", for the pages of this process.</summary>
public sealed class WebhookBell
{
    public event Action? Rung;

    public void Ring() => Rung?.Invoke();
}
