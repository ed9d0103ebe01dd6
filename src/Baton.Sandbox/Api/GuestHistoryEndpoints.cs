using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

/// <summary>What a guest's page reads when it opens again: with the guest's own token, outside every client's quota.</summary>
static class GuestHistoryEndpoints
{
    const int MaxPageSize = 100;

    public static void MapGuestHistory(this ApiRoutes api) => api.Open("GET", "/webmessaging/messages", Read);

    /// <summary>The latest first.</summary>
    static Answer Read(Call call)
    {
        var session = call.World.Messaging.Check(call.Request.Headers.Authorization.ToString() is { Length: > 0 } header ? header : null);
        var size = call.QueryInt("pageSize", 25, 1, MaxPageSize);
        var number = call.QueryInt("pageNumber", 1, 1, int.MaxValue / MaxPageSize);
        return Answer.Ok(Json.Object(
            ("entities", Json.Array(session.History.AsEnumerable().Reverse().Skip((number - 1) * size).Take(size), m => m.DeepClone())),
            ("pageSize", size),
            ("pageNumber", number),
            ("total", session.History.Count),
            ("pageCount", (session.History.Count + size - 1) / size)));
    }
}
