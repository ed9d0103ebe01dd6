using Baton.Core.Assist;
using Baton.Genesys.Guide;

namespace Baton.Tests.Genesys;

/// <summary>What comes to the callback address, read.</summary>
public sealed class GuideCallbacksTests
{
    readonly GuideCallbacks callbacks = new();

    [Fact]
    public void A_completed_one_brings_suggestions()
    {
        var reply = callbacks.Read("""{"id":"r1","status":"completed","suggestions":[{"id":"s1","title":"Refund","content":"c","confidence":0.9,"knowledgeSourceId":"k"},{"id":"s2"}]}""")!;
        (reply.RequestId, reply.Status, reply.IsCompleted, reply.HasFailed).ShouldBe(("r1", "completed", true, false));
        reply.Found!.Candidates.ShouldHaveSingleItem().Source.ShouldBe(callbacks.Source);
        (reply.Found.Passed, reply.Found.Why).ShouldBe((1, "suggestion 2 has no knowledgeSourceId."));
    }

    [Theory]
    [InlineData("""{"id":"r1","status":"processing","suggestions":[]}""", "r1", "processing", false)]
    [InlineData("""{"id":"r1","status":"FAILED"}""", "r1", "failed", true)]
    [InlineData("""{"id":"r1"}""", "r1", "", false)]
    [InlineData("""{"status":["completed"]}""", null, "", false)]
    [InlineData("{}", null, "", false)]
    public void Any_other_brings_none(string body, string? id, string status, bool failed)
    {
        var reply = callbacks.Read(body)!;
        (reply.RequestId, reply.Status, reply.HasFailed, reply.IsCompleted).ShouldBe((id, status, failed, false));
    }

    [Fact]
    public void A_status_is_kept_in_bounds() => callbacks.Read($$"""{"status":"{{new string('x', 1_000_000)}}"}""")!.Status.Length.ShouldBe(40);

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("""{"id":"r1","status":"completed","suggestions":[{""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"completed\"")]
    public void What_is_no_callback_is_none(string body) => callbacks.Read(body).ShouldBeNull();

    [Fact]
    public void What_is_nested_without_end_is_none() => callbacks.Read(new string('[', 100_000)).ShouldBeNull();

    [Fact]
    public void Ten_megabytes_are_read()
    {
        var reply = callbacks.Read($$"""{"id":"r1","status":"completed","suggestions":[{"id":"s1","content":"{{new string('c', 10_000_000)}}","confidence":1,"knowledgeSourceId":"k"}]}""")!;
        reply.Found!.Candidates.ShouldHaveSingleItem().Content.Length.ShouldBe(10_000_000);
    }

    [Fact]
    public void Names_that_are_no_text_are_passed_by() =>
        callbacks.Read("""{"\ud800\ud800":1,"id":"r1","status":"completed"}""")!.Found.ShouldBeOfType<SourceAnswer.Found>().Candidates.ShouldBeEmpty();
}
