using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Genesys.Quota;

namespace Baton.Genesys.Http;

/// <summary>A call, with what the handlers know of it beside its URL.</summary>
sealed class GenesysRequest(HttpMethod method, Uri url) : HttpRequestMessage(method, url)
{
    public CallPurpose Purpose { get; init; }
    public HandoffId? Handoff { get; init; }

    /// <summary>Where the call is noted once it is answered.</summary>
    public CallNotes? Notes { get; init; }

    /// <summary>Repeating the call does no harm: reads, queries, and writes that only set a value.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The last instant at which the call may still go out.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>What the platform counts the call in.</summary>
    public QuotaBucket Bucket { get; init; }

    /// <summary>The only client the call may be made with: what one client has opened, another does not see.</summary>
    public GenesysClient? Only { get; init; }

    /// <summary>Which client the call was given a place in; set by the quota, used by the token.</summary>
    public GenesysClient? Client { get; set; }

    /// <summary>Canceled once the caller does not want the answer any more, which is no fault of the platform's.</summary>
    public CancellationToken GivenUp { get; set; }

    /// <summary>Everything that goes through the pipeline is one.</summary>
    public static GenesysRequest Of(HttpRequestMessage request) => (GenesysRequest)request;
}
