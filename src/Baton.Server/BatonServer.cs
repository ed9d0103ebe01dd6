using System.Text.Json.Serialization;
using Baton.Core;
using Baton.Core.Audit;
using Baton.Server.Api;
using Baton.Server.Console;
using Baton.Server.Console.Live;
using Baton.Server.Inbound;
using Baton.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baton.Server;

/// <summary>The host: endpoints in, loops behind. Owns the store file while it runs.</summary>
public sealed partial class BatonServer : IAsyncDisposable
{
    /// <summary>Together less than the 20 seconds that a supervisor of processes gives us.</summary>
    static readonly TimeSpan ForRequests = TimeSpan.FromSeconds(4);
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(15);
    static readonly TimeSpan BetweenCheckpoints = TimeSpan.FromMinutes(1);

    readonly WebApplication app;
    readonly BatonSystem system;
    readonly CancellationTokenSource stop = new();
    readonly CancellationTokenSource finish = new();
    readonly StoreOwner me;
    AuditKey? key;
    Task loops = Task.CompletedTask;

    BatonServer(WebApplication app, BatonSystem system, StoreOwner me) => (this.app, this.system, this.me) = (app, system, me);

    /// <summary>What of it broke, so that it stopped by itself; null as long as nothing did.</summary>
    public string? Broke { get; private set; }

    /// <summary>Where it listens, with the port that was free when 0 was asked for.</summary>
    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts listening (at the configured address when none is given) and running handoffs.</summary>
    /// <exception cref="StoreOwnedException">Another process runs the handoffs of this store.</exception>
    /// <exception cref="StoreException">The store, or the key its checkpoints are signed with, cannot be used.</exception>
    public static Task<BatonServer> StartAsync(BatonSystem system, string? url, CancellationToken ct) => StartAsync(system, url, notifications: false, ct);

    /// <summary>The same, hearing the platform's notifications where that is wanted.</summary>
    /// <param name="notifications">Whether the platform's notifications are listened to where the settings do not say.</param>
    public static async Task<BatonServer> StartAsync(BatonSystem system, string? url, bool notifications, CancellationToken ct)
    {
        var listenAt = url ?? system.Settings.Url;
        if (system.Settings.Access.FaultAt(listenAt) is { } fault) throw new SettingsException([fault]);
        var web = Compose(system.Settings, listenAt, system.Logs, system, _ => { });
        var feed = web.Services.GetRequiredService<AuditFeed>();
        var watch = web.Services.GetRequiredService<StoreWatch>();
        await web.StartAsync(ct);
        var self = OwnerProcess.Me(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var server = new BatonServer(web, system, self);
        try
        {
            if (await system.Store.TakeOwnershipAsync(self, ct) is { } other) throw new StoreOwnedException(other);
            await system.Policies.BeginAsync(ct);
            server.key = AuditKey.OpenOrCreate(AuditKey.PathBeside(system.Settings.StorePath));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
        // Asked to stop, the streams end and nothing more is claimed at once; else open streams would hold up the end.
        web.Lifetime.ApplicationStopping.Register(server.stop.Cancel);
        var (stop, finish) = (server.stop.Token, server.finish.Token);
        server.loops = Task.WhenAll(
            server.RunAsync("handoffs", () => system.Runner.RunAsync(stop, finish)),
            server.RunAsync("notifications", () => system.Settings.Genesys.Notifications ?? notifications ? system.ListenAsync(stop) : Task.CompletedTask),
            server.RunAsync("deliveries", () => system.Deliveries.RunAsync(stop, finish)),
            server.RunAsync("suggestions", () => system.AssistRunner.RunAsync(stop, finish)),
            server.RunAsync("knowledge", () => system.Knowledge?.RunAsync(stop) ?? Task.CompletedTask),
            server.RunAsync("store watch", () => watch.RunAsync(stop)),
            server.RunAsync("policy watch", () => system.Policies.RunAsync(stop)),
            server.RunAsync("stream", () => feed.RunAsync(stop)),
            server.RunAsync("checkpoints", () => server.CheckpointAsync(stop)));
        return server;
    }

    /// <summary>
    /// Composes a server without a system, sends one request through it that no endpoint answers, and throws it away: done on another core while the system opens, it spares the real one most of
    /// what the runtime has to load and compile first.
    /// </summary>
    public static Task WarmAsync(BatonSettings settings, ILoggerFactory logs, CancellationToken ct) => Task.Run(async () =>
    {
        await using var web = Compose(settings, settings.Url, logs, null, _ => { });
        await using var scope = web.Services.CreateAsyncScope();
        await ((IApplicationBuilder)web).Build()(new DefaultHttpContext { RequestServices = scope.ServiceProvider, Request = { Method = HttpMethods.Get, Path = "/v1" } });
    }, ct);

    /// <summary>The OpenAPI document of a server with these settings: of one that is composed for it, so that describing itself costs a server nothing until somebody asks.</summary>
    internal static async Task<byte[]> DescribeAsync(BatonSystem system)
    {
        await using var web = Compose(system.Settings, system.Settings.Url, system.Logs, null, services => services.AddOpenApi(ApiDocument.Name, ApiDocument.Describe).AddSingleton<LateRoutes.Described>());
        web.MapOpenApi();
        await using var scope = web.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, Request = { RouteValues = { ["documentName"] = ApiDocument.Name } }, Response = { Body = new MemoryStream() } };
        await web.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Single(e => e.RoutePattern.RawText!.Contains("documentName", StringComparison.Ordinal)).RequestDelegate!(context);
        return ((MemoryStream)context.Response.Body).ToArray();
    }

    /// <param name="system">Null: nothing can be answered.</param>
    static WebApplication Compose(BatonSettings settings, string url, ILoggerFactory logs, BatonSystem? system, Action<IServiceCollection> more)
    {
        var access = settings.Access;
        // Empty: every setting is Baton's own, and nothing watches for files of the framework's.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = [] });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(logs);
        if (system is not null) builder.Services.AddSingleton(system);
        else builder.Services.AddSingleton<BatonSystem>(_ => throw new InvalidOperationException("This server has no system."));
        builder.Services.AddSingleton(_ => new StoreWatch(system!.Store, system.Time, system.Logs.CreateLogger<StoreWatch>()));
        builder.Services.AddSingleton<ReadyWatch>();
        builder.Services.AddSingleton<AuditFeed>();
        builder.Services.AddSingleton<LiveBoard>();
        builder.Services.AddSingleton<SessionDoor>();
        builder.Services.AddSingleton(_ => new SignInAttempts(system!.Time));
        builder.Services.AddProblemDetails();
        // Else a wrong body is answered 400 without a word about what is wrong with it.
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ForRequests);
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            o.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        more(builder.Services);
        builder.Services.AddRateLimiter(o => RequestLimits.Set(o, access.RequestsPerMinute));
        if (access.CorsOrigins.Count > 0)
            builder.Services.AddCors(o => o.AddDefaultPolicy(p => p.WithOrigins([.. access.CorsOrigins]).AllowAnyHeader().WithMethods("GET", "POST").WithExposedHeaders("Retry-After", "Idempotency-Replayed")));
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Limits.MaxRequestBodySize = AccessGate.LargestBody;
            k.AddServerHeader = false;
        });
        var web = builder.Build();
        web.UseExceptionHandler(Problems.Handler);
        web.UseStatusCodePages(c => Problems.OfStatus(c.HttpContext.Response.StatusCode).ExecuteAsync(c.HttpContext));
        web.UseRouting();
        if (access.CorsOrigins.Count > 0) web.UseCors();
        if (system is not null) web.Use(new AccessGate(system, web.Services.GetRequiredService<SessionDoor>()).Invoke);
        web.UseRateLimiter();
        if (system is not null) web.Use(new RepeatedRequests(system).Invoke);

        web.MapHealth();
        web.MapConversations();
        web.MapDecisions();
        web.MapHandoffs();
        web.MapTransfers();
        web.MapAssist();
        web.MapDeliveries();
        web.MapAudit();
        web.MapPolicies();
        web.MapStats();
        web.MapSwitches();
        web.MapStream();
        web.MapSignIn();
        web.MapGroup("").WithTags("Inbound").ForEventBus().MapGenesysEvents();
        web.MapGroup("").WithTags("Inbound").ForAnyone().MapAssistCallbacks();
        web.MapConsole();
        web.MapDocument();
        web.UseEndpoints(_ => { });
        return web;
    }

    /// <summary>Every minute, and at the end, the ends of all chains are signed: what is cut off or rewritten afterwards shows.</summary>
    async Task CheckpointAsync(CancellationToken ct)
    {
        using var minute = new PeriodicTimer(BetweenCheckpoints, system.Time);
        while (true)
        {
            var isLast = false;
            try { await minute.WaitForNextTickAsync(ct); }
            catch (OperationCanceledException) { isLast = true; }
            try { await system.Store.CheckpointAsync(key!, system.Time.GetUtcNow(), CancellationToken.None); }
            catch (StoreException) { /* The runner says so; the next checkpoint covers what this one would have. */ }
            if (isLast) return;
        }
    }

    /// <summary>Half a server looks like a whole one from outside. When a loop breaks, all stops, and whoever supervises the process starts it anew.</summary>
    Task RunAsync(string name, Func<Task> loop) => Task.Run(async () =>
    {
        try
        {
            await loop();
        }
        catch (Exception e)
        {
            Broke ??= name;
            LoopBroke(system.Logs.CreateLogger<BatonServer>(), name, e);
            app.Lifetime.StopApplication();
        }
    }, CancellationToken.None);

    [LoggerMessage(LogLevel.Critical, "The server stops: its {Part} broke")]
    static partial void LoopBroke(ILogger log, string part, Exception exception);

    /// <summary>Waits until the process is asked to stop, or something breaks.</summary>
    public Task WaitForShutdownAsync(CancellationToken ct) => ((IHost)app).WaitForShutdownAsync(ct);

    /// <summary>Claims nothing more, lets what is under way finish for 15 seconds, then leaves the rest to its leases.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        using var late = new CancellationTokenSource(Drain, system.Time);
        await using (late.Token.Register(finish.Cancel)) await loops;
        try { await system.Store.GiveUpOwnershipAsync(me, CancellationToken.None); }
        catch (StoreException) { /* The next process sees that this one is gone. */ }
        await app.DisposeAsync();
        key?.Dispose();
        stop.Dispose();
        finish.Dispose();
    }
}

/// <summary>The store has a live owner: work is put into its table instead.</summary>
public sealed class StoreOwnedException(StoreOwner owner) : Exception($"The store is run by process {owner.Process}{(owner.Address is null ? "" : $" at {owner.Address}")}.")
{
    public StoreOwner Owner { get; } = owner;
}
