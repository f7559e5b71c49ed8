namespace Grace.Engine.Access;

/// <summary>What somebody may do; endpoints, hub methods and buttons each name one.</summary>
public enum Right
{
    /// <summary>Look at everything but who has access.</summary>
    Read,
    Submit,
    /// <summary>Pause and resume.</summary>
    Pause,
    /// <summary>Accept and question artifacts.</summary>
    Review,
    DraftPlaybooks,
    Override,
    /// <summary>Approve and reject what waits for a person.</summary>
    Approve,
    Retry,
    Cancel,
    /// <summary>Put versions in force, have them tried, take them back.</summary>
    PromotePlaybooks,
    /// <summary>Approve and reject what missions propose.</summary>
    ApproveLearning,
    ManageJobs,
    ManageWebhooks,
    /// <summary>People and API keys.</summary>
    ManageAccess,
}

/// <summary>What a person or a key is; each role may all that the one before it may.</summary>
public enum Role { Viewer, Operator, Guardian, Admin }
