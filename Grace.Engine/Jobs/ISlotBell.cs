namespace Grace.Engine.Jobs;

/// <summary>Tells slots that a pipeline became ready.</summary>
public interface ISlotBell
{
    Task RingAsync(CancellationToken cancel);
}
