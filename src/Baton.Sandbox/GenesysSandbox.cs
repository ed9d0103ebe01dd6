using System.Net;
using Baton.Sandbox.Admin;
using Baton.Sandbox.Api;
using Baton.Sandbox.Guide;
using Baton.Sandbox.Http;
using Baton.Sandbox.Sockets;
using Baton.Sandbox.Workspace;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Baton.Sandbox;

/// <summary>Genesys Cloud in one process, over real HTTP on the loopback address.</summary>
public sealed class GenesysSandbox : IAsyncDisposable
{
    readonly WebApplication app;
    readonly World world;
    readonly Pipeline pipeline;
    readonly SocketTraffic traffic = new();
    readonly CancellationTokenSource closing = new();

    GenesysSandbox(WebApplication app, SandboxOptions options)
    {
        this.app = app;
        world = new World(options);
        pipeline = new Pipeline(world, closing.Token);
        Organization = new Organization(world);
        BaseAddress = new Uri("http://127.0.0.1");
    }

    public Uri BaseAddress { get; private set; }

    /// <summary>Stands for <c>https://api.{domain}</c>. <c>/api/v2/...</c> answers under <see cref="BaseAddress"/> as well.</summary>
    public Uri ApiBaseUrl => new(BaseAddress, "api");

    /// <summary>Stands for <c>https://login.{domain}</c>. <c>/oauth/token</c> answers under <see cref="BaseAddress"/> as well.</summary>
    public Uri LoginBaseUrl => new(BaseAddress, "login");

    /// <summary>Stands for <c>wss://webmessaging.{domain}/v1</c>. Notification channels tell their own address.</summary>
    public Uri WebMessagingUri => new($"ws://{BaseAddress.Authority}/v1");

    public SandboxFlavor Flavor => world.Options.Flavor;
    public Organization Organization { get; }
    public Ledger Ledger => world.Ledger;
    public Faults Faults => world.Faults;

    /// <summary>Requests that wait on purpose right now. They wait on the sandbox's clock.</summary>
    public int ParkedRequests => pipeline.Parked;

    /// <summary>Events, callbacks and frames on their way to a target right now; one that waits to be tried again does not count. A frame is on its way until its client has
    /// taken it and reads on.</summary>
    public int EventsUnderway => world.Events.Underway + world.Suggesting.Underway + traffic.Underway;

    public static async Task<GenesysSandbox> StartAsync(SandboxOptions? options = null, CancellationToken ct = default)
    {
        options ??= new SandboxOptions();
        // Empty on purpose: settings files and variables of the process that starts a sandbox are not meant for it.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.AddServerHeader = false;
        });
        var sandbox = new GenesysSandbox(builder.Build(), options);
        if (options.SeedOrganization) DefaultOrganization.Fill(sandbox.Organization);
        sandbox.Map();
        try
        {
            await sandbox.app.StartAsync(ct);
        }
        catch (Exception)
        {
            await sandbox.DisposeAsync();
            throw;
        }
        sandbox.BaseAddress = new Uri(sandbox.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return sandbox;
    }

    void Map()
    {
        app.Use(WithoutGateway);
        app.UseRouting();
        var api = new ApiRoutes(app, pipeline);
        if (Flavor == SandboxFlavor.Guide) api.MapGuide(world.Options);
        else
        {
            MapPlatform(api);
            app.MapGet("/channels/{channelId}", http => world.Notifying.ServeAsync(http, traffic, closing.Token));
            app.MapGet("/v1", http => world.Messaging.ServeAsync(http, traffic, closing.Token));
        }
        foreach (var login in (Operation[])[OAuthEndpoints.Login, LoginEndpoints.Ask, LoginEndpoints.Choose])
            app.MapMethods(login.Route, [login.Method], http => pipeline.ServeAsync(http, login));
        app.MapAdmin(this);
        app.MapWorkspace(Organization, world.Options);
        app.MapFallback("{**path}", http => pipeline.ServeAsync(http, new Operation(http.Request.Method, http.Request.Path, [], NeedsAll: false, _ => throw Refusals.NotFound())));
    }

    static void MapPlatform(ApiRoutes api)
    {
        api.MapTokens();
        api.MapOrganization();
        api.MapConversations();
        api.MapMessages();
        api.MapParticipants();
        api.MapTransfers();
        api.MapQueues();
        api.MapUsers();
        api.MapSkills();
        api.MapAnalytics();
        api.MapObservations();
        api.MapBotFlows();
        api.MapSentiment();
        api.MapSuggestions();
        api.MapKnowledge();
        api.MapNotifications();
        api.MapGuestHistory();
    }

    /// <summary>The vendor's SDKs, told of a gateway, put a word of ours before each path: /login/oauth/token, /api/api/v2/...</summary>
    static Task WithoutGateway(HttpContext http, RequestDelegate next)
    {
        foreach (var word in (string[])["/api", "/login"])
        {
            if (!http.Request.Path.StartsWithSegments(word, out var rest)) continue;
            if (rest.StartsWithSegments("/api/v2") || rest.StartsWithSegments("/oauth")) http.Request.Path = rest;
        }
        return next(http);
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await app.StopAsync();
        await app.DisposeAsync();
        world.Dispose();
        closing.Dispose();
    }
}
