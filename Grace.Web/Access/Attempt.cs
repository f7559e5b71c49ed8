using Grace.Engine.Access;
using Grace.Engine.Hosting;
using Grace.Engine.Pipelines;

namespace Grace.Web.Access;

/// <summary>Tries a change of access from a page.</summary>
static class Attempt
{
    /// <returns>What to tell the person; null: it is done.</returns>
    public static async Task<string?> ToAsync(Func<Task> change)
    {
        try
        {
            await change();
            return null;
        }
        catch (Exception refused) when (refused is NotAllowed or SubmissionRefused or NameTaken or NoSuchKey or AccountRefused or NoSuchAccount)
        {
            return refused.Message;
        }
        catch (Exception away) when (DatabaseAway.IsCauseOf(away))
        {
            return "The database does not answer right now; look whether it was changed before you try again.";
        }
    }
}
