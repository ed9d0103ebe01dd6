using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Genesys.Quota;

namespace Baton.Genesys.Http;

/// <summary>What the handlers know of a call beside its URL; travels with the request.</summary>
static class CallOptions
{
    public static readonly HttpRequestOptionsKey<CallPurpose> Purpose = new("baton.purpose");
    public static readonly HttpRequestOptionsKey<HandoffId?> Handoff = new("baton.handoff");

    /// <summary>Repeating the call does no harm: reads, queries, and writes that only set a value.</summary>
    public static readonly HttpRequestOptionsKey<bool> Repeatable = new("baton.repeatable");

    /// <summary>The last instant at which the call may still go out.</summary>
    public static readonly HttpRequestOptionsKey<DateTimeOffset?> NotAfter = new("baton.notAfter");

    /// <summary>What the platform counts the call in.</summary>
    public static readonly HttpRequestOptionsKey<QuotaBucket> Bucket = new("baton.bucket");

    /// <summary>Which client the call was given a place in; set by the quota, used by the token.</summary>
    public static readonly HttpRequestOptionsKey<GenesysClient> Client = new("baton.client");

    /// <summary>The only client the call may be made with: what one client has opened, another does not see.</summary>
    public static readonly HttpRequestOptionsKey<GenesysClient> Only = new("baton.only");

    public static T? Read<T>(this HttpRequestMessage request, HttpRequestOptionsKey<T> key) => request.Options.TryGetValue(key, out var value) ? value : default;
}
