using Grace.Engine.Phases;

namespace Grace.Tests.Phases;

public class PhaseEndingTests
{
    [Fact]
    public async Task Work_that_hears_of_no_cancelling_is_left_to_itself()
    {
        using var never = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var began = new TaskCompletionSource();
        var ending = PhaseRunner.Ending(_ =>
        {
            began.SetResult();
            never.Wait(CancellationToken.None);
            return Task.FromResult(1);
        }, TimeSpan.Zero, cancel.Token);
        await began.Task;
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => ending);
        never.Set();
    }

    [Fact]
    public async Task Work_that_tidies_up_is_waited_for()
    {
        using var cancel = new CancellationTokenSource();
        var (told, tidied) = (new TaskCompletionSource(), new TaskCompletionSource());
        var ending = PhaseRunner.Ending(async token =>
        {
            using var registered = token.Register(told.SetResult);
            await told.Task;
            await tidied.Task;
            return 7;
        }, TimeSpan.FromMinutes(1), cancel.Token);
        await cancel.CancelAsync();
        await told.Task;
        ending.IsCompleted.ShouldBeFalse();
        tidied.SetResult();
        (await ending).ShouldBe(7);
    }
}
