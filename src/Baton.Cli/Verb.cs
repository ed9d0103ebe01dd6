using System.CommandLine;
using Baton.Core;
using Baton.Server;
using Baton.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Baton.Cli;

/// <summary>What every verb has in common: where its settings come from, how it prints, and that an expected failure is one sentence and an exit code.</summary>
static class Verb
{
    static readonly Option<FileInfo?> Config = new("--config", "-c") { Description = "Configuration file (default: baton.json in this folder)", Recursive = true };
    static readonly Option<bool> Sandbox = new("--sandbox") { Description = "Use the sandbox that 'baton sandbox' runs in this folder", Recursive = true };
    static readonly Option<string?> Store = new("--store") { Description = "The SQLite file, in place of the configured one", Recursive = true };
    static readonly Option<string?> Policy = new("--policy") { Description = "A policy file or preset, in place of the configured one", Recursive = true };
    static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object instead of text for people", Recursive = true };
    static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Log every step and call to standard error", Recursive = true };

    /// <summary>A verb that needs no system, only its own arguments.</summary>
    public static Command Plain(string name, string description, Func<ParseResult, Out, CancellationToken, Task<int>> action, params Symbol[] arguments)
    {
        var command = With(new Command(name, description) { Json }, arguments);
        command.SetAction((parsed, ct) => GuardedAsync(parsed, () => action(parsed, new Out(parsed.GetValue(Json)), ct)));
        return command;
    }

    /// <summary>A verb that works with settings, store and contact center.</summary>
    public static Command WithSystem(string name, string description, Func<ParseResult, BatonSystem, Out, CancellationToken, Task<int>> action, params Symbol[] arguments) =>
        WithSystem(name, description, LogLevel.Error, action, null, arguments);

    /// <summary>The same, for a verb that stays and tells from this level on what it does.</summary>
    /// <param name="beside">Done while the system opens.</param>
    public static Command WithSystem(string name, string description, LogLevel tells, Func<ParseResult, BatonSystem, Out, CancellationToken, Task<int>> action, Func<BatonSettings, ILoggerFactory, CancellationToken, Task>? beside = null, params Symbol[] arguments) =>
        WithSettings(name, description, async (parsed, settings, output, ct) =>
        {
            Configuration.RequireOrganization(settings);
            using var logs = Logs(parsed.GetValue(Verbose) ? LogLevel.Debug : tells);
            _ = beside?.Invoke(settings, logs, ct);
            await using var system = await BatonSystem.OpenAsync(settings, new BatonSystem.Parts(TimeProvider.System, new Random(), logs), ct);
            return await action(parsed, system, output, ct);
        }, arguments);

    /// <summary>A verb that works on the store alone: nothing need be known of the organization.</summary>
    public static Command WithStore(string name, string description, Func<ParseResult, SqliteStore, BatonSettings, Out, CancellationToken, Task<int>> action, params Symbol[] arguments) =>
        WithSettings(name, description, async (parsed, settings, output, ct) =>
        {
            if (!File.Exists(settings.StorePath)) throw new StoreException($"There is no store {settings.StorePath} yet; 'baton serve' or 'baton handoff start' makes one.");
            await using var store = await SqliteStore.OpenAsync(settings.StorePath, null, ct);
            return await action(parsed, store, settings, output, ct);
        }, arguments);

    /// <summary>The same, making the store when there is none.</summary>
    public static Command WithNewStore(string name, string description, Func<ParseResult, SqliteStore, Out, CancellationToken, Task<int>> action, params Symbol[] arguments) =>
        WithSettings(name, description, async (parsed, settings, output, ct) =>
        {
            if (Path.GetDirectoryName(Path.GetFullPath(settings.StorePath)) is { } folder) Directory.CreateDirectory(folder);
            await using var store = await SqliteStore.OpenAsync(settings.StorePath, null, ct);
            return await action(parsed, store, output, ct);
        }, arguments);

    /// <summary>A verb that works with settings alone.</summary>
    public static Command WithSettings(string name, string description, Func<ParseResult, BatonSettings, Out, CancellationToken, Task<int>> action, params Symbol[] arguments)
    {
        var command = With(new Command(name, description) { Json, Config, Sandbox, Store, Policy, Verbose }, arguments);
        command.SetAction((parsed, ct) => GuardedAsync(parsed, () =>
        {
            var settings = Configuration.Load(parsed.GetValue(Config)?.FullName, parsed.GetValue(Sandbox));
            if (parsed.GetValue(Store) is { } store) settings = settings with { StorePath = store };
            if (parsed.GetValue(Policy) is { } policy) settings = settings with { Policy = policy, IsPolicyGiven = true, IsPolicyOfThisRun = true };
            return action(parsed, settings, new Out(parsed.GetValue(Json)), ct);
        }));
        return command;
    }

    static Command With(Command command, Symbol[] arguments)
    {
        foreach (var symbol in arguments)
        {
            if (symbol is Argument argument) command.Add(argument);
            else if (symbol is Option option) command.Add(option);
        }
        return command;
    }

    static async Task<int> GuardedAsync(ParseResult parsed, Func<Task<int>> action)
    {
        try { return await action(); }
        catch (SettingsException e) { return Say(string.Join(Environment.NewLine, e.Errors), ExitCodes.WrongUse); }
        catch (UsageException e) { return Say(e.Message, ExitCodes.WrongUse); }
        catch (ContactCenterException e) { return Say($"{e.Message} {WhatToDo(e)}", ExitCodes.RefusedOrFailed); }
        catch (StoreException e) { return Say(e.Message, ExitCodes.RefusedOrFailed); }
        catch (StoreOwnedException e) { return Say($"{e.Message} Stop it first, or use another store with --store.", ExitCodes.RefusedOrFailed); }
        catch (OperationCanceledException) { return Say("Stopped.", ExitCodes.RefusedOrFailed); }
        catch (IOException e) { return Say(e.Message, ExitCodes.RefusedOrFailed); }
        catch (Exception e)
        {
            var isVerbose = parsed.CommandResult.Command.Options.Contains(Verbose) && parsed.GetValue(Verbose);
            return Say($"This is a fault of Baton itself: {(isVerbose ? e : e.Message)}", ExitCodes.RefusedOrFailed);
        }
    }

    // A handoff goes on by itself, a command does not: what passes is the caller's to try again.
    static string WhatToDo(ContactCenterException e) => e.Kind switch
    {
        FailureKind.RateLimited when e.NotBefore is { } open => $"Run the command again after {open:u}; another OAuth client makes room if this is frequent.",
        FailureKind.Conflict => "Look at the conversation, then run the command again.",
        FailureKind.Unavailable or FailureKind.ReplyLost => "Run the command again; see the vendor's status page if it lasts.",
        var kind => Failures.WhatToDo(kind),
    };

    static int Say(string sentence, int code)
    {
        Console.Error.WriteLine(sentence);
        return code;
    }

    public static ILoggerFactory Logs(LogLevel least) => LoggerFactory.Create(logs => logs
        .SetMinimumLevel(least)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddSimpleConsole(c => (c.SingleLine, c.UseUtcTimestamp, c.TimestampFormat) = (true, true, "yyyy-MM-ddTHH:mm:ss.fffZ "))
        // A log that nobody reads must not hold up handoffs: lines are dropped, and the logger says how many.
        .Services.Configure<ConsoleLoggerOptions>(c => (c.LogToStandardErrorThreshold, c.QueueFullMode) = (LogLevel.Trace, ConsoleLoggerQueueFullMode.DropWrite)));
}

/// <summary>The command was used in a way that cannot work; the sentence says what would.</summary>
sealed class UsageException(string message) : Exception(message);
