using Baton.Sandbox.Http;

namespace Baton.Sandbox.Guide;

/// <summary>The guide flavor: every path that the guides use, and none besides.</summary>
static class GuideRoutes
{
    public static void MapGuide(this ApiRoutes api, SandboxOptions options)
    {
        api.MapGuideConversations();
        api.MapGuideQueues();
        api.MapGuideTransfers();
        api.MapGuideRouting();
        api.MapGuideAnalytics();
        api.MapGuideGuests();
        api.MapGuideSuggestions(options);
    }
}
