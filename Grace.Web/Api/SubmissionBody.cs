using Grace.Engine.Pipelines;

namespace Grace.Web.Api;

/// <summary>The body of <c>execute</c> and of <c>plan</c>.</summary>
static class SubmissionBody
{
    /// <param name="planned">Whether a plan may come with it.</param>
    /// <exception cref="SubmissionRefused">By field.</exception>
    public static Submission Read(Fields body, bool planned)
    {
        var (task, context, phases, repository) = (body.Text("task"), body.Object("context"), body.Texts("phases", """["research", "design"]"""), body.Text("repository"));
        var plan = planned ? body.Any("plan") : null;
        if (task is null && !body.IsWrong("task"))
            body.Refuse("task", "task is missing; say what to build or check.");
        body.End();
        return new(task!, context ?? [], phases, repository, plan);
    }
}
