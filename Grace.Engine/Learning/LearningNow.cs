namespace Grace.Engine.Learning;

/// <summary>What learning has to say at one moment.</summary>
/// <param name="Failures">The kinds of failure that were seen last, newest first.</param>
/// <param name="Newest">The mission that was concluded last.</param>
/// <param name="Usual">What a phase takes, in seconds: the median of its newest playbook runs that succeeded; a phase with few of them has none.</param>
public sealed record LearningNow(IReadOnlyList<FailureNews> Failures, Mission? Newest, IReadOnlyDictionary<string, double> Usual);

/// <param name="Said">What failed, in the words of the tool that said it.</param>
/// <param name="LastIn">The pipeline that it was seen in last.</param>
/// <param name="Fix">The playbook that recovery applies since it was learnt; null: none.</param>
/// <param name="MissionId">The newest mission about it; null: none yet.</param>
public sealed record FailureNews(
    string ClusterId, string Said, long Count, long Pipelines, DateTimeOffset LastAt, string? LastIn, string? Fix, string? MissionId, string? MissionStatus);
