namespace Baton.Core.Assist;

/// <summary>A callback, read.</summary>
/// <param name="RequestId">What the source calls the request; null when the callback does not say.</param>
/// <param name="Status">In lower case; empty when the callback does not say.</param>
/// <param name="Found">What it brings: given exactly when it is completed.</param>
public sealed record CallbackReply(string? RequestId, string Status, SourceAnswer.Found? Found)
{
    public bool IsCompleted => Found is not null;

    /// <summary>There will be no other. Any other status than this one and completed means that it is still at work.</summary>
    public bool HasFailed => Status == "failed";
}
