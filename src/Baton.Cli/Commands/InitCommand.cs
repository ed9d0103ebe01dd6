using System.CommandLine;
using System.Text.Json.Nodes;
using Baton.Core.Policies;
using Baton.Genesys;

namespace Baton.Cli.Commands;

static class InitCommand
{
    public static Command Create()
    {
        var force = new Option<bool>("--force") { Description = "Overwrite an existing file" };
        return Verb.Plain("init", "Write a commented baton.json and policy.yaml, and say what the OAuth client needs.", (parsed, output, _) =>
        {
            foreach (var (file, text) in new[] { (Configuration.DefaultFile, ConfigurationText()), ("policy.yaml", PolicyText()) })
            {
                if (File.Exists(file) && !parsed.GetValue(force))
                {
                    Console.Error.WriteLine($"{file} is there already; --force overwrites it.");
                    return Task.FromResult(ExitCodes.RefusedOrFailed);
                }
                File.WriteAllText(file, text);
                output.Line($"Wrote {file}.");
            }
            output.Answer(new JsonObject { ["files"] = new JsonArray(Configuration.DefaultFile, "policy.yaml"), ["permissions"] = new JsonArray([.. PermissionCheck.Needed.Select(p => p.Permission)]) }, () =>
            {
                output.Line();
                output.Line("Next:");
                output.Line("  1. In Genesys Cloud, Admin > Integrations > OAuth: add a client with the grant type Client Credentials.");
                output.Line("  2. Give it a role with these permissions, in the division of your queues:");
                foreach (var (permission, what) in PermissionCheck.Needed) output.Line($"       {permission,-60} {what}");
                output.Line("  3. Set GENESYS_CLIENT_ID and GENESYS_CLIENT_SECRET, and the region in baton.json.");
                output.Line("  4. baton doctor");
            });
            return Task.FromResult(ExitCodes.Done);
        }, force);
    }

    static string PolicyText() => """
        # Your policy. It begins as the preset "default"; what you write here replaces the same keys of it.
        # 'baton policy presets default' prints the whole preset, 'baton policy check policy.yaml' finds every error.
        name: policy
        extends: default

        """ + string.Join('\n', PolicyPresets.Text("default").Split('\n').Where(l => !l.StartsWith("name:", StringComparison.Ordinal) && !l.StartsWith("version:", StringComparison.Ordinal)).Select(l => l.Length == 0 ? "#" : $"# {l}")) + "\n";

    static string ConfigurationText() => $$"""
        // Baton's settings. Every one can also be given as an environment variable, with BATON__ in front and __ for each colon
        // (BATON__GENESYS__REGION), which wins over this file; flags win over both.
        {
          "Genesys": {
            // platform (Genesys Cloud's own API) or guide (the paths and bodies of the guides, docs/guides.md).
            "Flavor": "platform",

            // One of {{string.Join(", ", GenesysRegion.Names.Take(9))}},
            // {{string.Join(", ", GenesysRegion.Names.Skip(9))}}, or a region's domain.
            "Region": "",

            // OAuth client with the grant type Client Credentials. Better kept out of this file: GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET.
            "ClientId": "",
            "ClientSecret": "",

            // Several clients share the work; each has its own quota of calls a minute.
            // "Clients": [ { "ClientId": "", "ClientSecret": "" }, { "ClientId": "", "ClientSecret": "" } ],

            // Calls a minute and client, until the platform's own headers say otherwise.
            "CallsPerMinute": 300,

            // Guide flavor: its questions for suggestions are counted by themselves.
            // "SuggestionsPerMinute": 100,

            // Seconds for one HTTP exchange.
            "TimeoutSeconds": 20,

            // The bot flows (ids) whose turns tell intent and confidence. Empty: found through each conversation's analytics, a call more.
            "BotFlows": [],

            // One step of a policy's priority (1 to 10, 5 is usual) in minutes of waiting, the platform's unit.
            "MinutesPerPriority": 5,

            // Seconds for which what was read of a queue's staff is shared between handoffs.
            "QueueCacheSeconds": 5

            // Guide flavor: its queues are known by id only; give them the names that the policy uses.
            // "Queues": { "Support": "" }

            // In place of the region's addresses: a sandbox, a proxy.
            // "ApiBaseUrl": "https://api.mypurecloud.de", "LoginBaseUrl": "https://login.mypurecloud.de"
          },

          // A policy file, or a preset: {{string.Join(", ", PolicyPresets.Names)}}.
          "Policy": "policy.yaml",

          "Audit": {
            // A line of JSON for every transfer that was sent (guide 000), beside Baton's own trail. Left out: none, on the guide flavor handoff_audit.log.
            // "HandoffFile": "handoff_audit.log"

            // The same for what agents did with suggestions (guide 004). Left out: none, on the guide flavor agentassist_audit.log.
            // "AssistFile": "agentassist_audit.log"
          },

          "Assist": {
            // Suggestions for agents (docs/assist.md). A folder of Markdown articles of your own:
            // "Local": { "Folder": "articles", "Id": "local", "K1": 1.2, "B": 0.75, "TitleBoost": 4, "HeadingBoost": 2 },

            // Knowledge bases (ids) that are asked when a question names none; local is the folder.
            // "KnowledgeSourceIds": [ "local" ],

            // Of guide, platform, knowledge, local; left out: all that the flavor has, and the folder where there is one.
            // "Sources": [ "local" ],

            // Guide flavor: where the platform's callback reaches this server, as seen from outside, and the secrets it signs with.
            // "CallbackUrl": "https://baton.example/agentassist/callback", "CallbackSecrets": [ "whsec_..." ],

            // "DeadlineSeconds": 0.8, "CallbackWithinSeconds": 30, "ExpiresSeconds": 1800,
            // "Weights": { "Confidence": 0.6, "Skill": 0.3, "SkillBonus": 0.15, "Feedback": 0.1 },
            // "Feedback": { "Kind": "smoothed", "PriorWeight": 4, "HalfLifeDays": 30 }
          },

          "Deliveries": {
            // Who is told of handoffs (docs/deliveries.md); WFM_WEBHOOK_URL and ANALYTICS_ENDPOINT add the guides' two. Secrets sign, the newest first; whsec_ and base64 of 24 to 64 bytes.
            // "Targets": [ { "Name": "crm", "Url": "https://crm.example/events", "Secrets": [ "whsec_..." ], "Events": [ "handoff_evaluated", "handoff_ended" ] } ]
          },

          "Store": {
            "Path": ".baton/baton.db"
          },

          "Server": {
            // Loopback: put a reverse proxy with TLS in front to reach it from elsewhere.
            "Url": "http://127.0.0.1:5200",

            // keys: every call needs a key ('baton keys create NAME --role ROLE'). open: none does; only on loopback, for trying things out.
            "Auth": "keys",

            // What one key may ask in a minute.
            "RequestsPerMinute": 6000

            // Origins whose pages may call the API.
            // "CorsOrigins": [ "https://desk.example" ]
          },

          "Console": {
            // How people sign in (docs/console.md): with a key, or in Genesys Cloud by an OAuth client with the grant Code Authorization and PKCE. Which of the organization's roles may do what:
            // "ClientId": "", "Roles": { "Agent": "agent", "Supervisor": "supervisor" },

            // Scheme and host as browsers see them, behind a proxy.
            // "PublicUrl": "https://baton.example",

            // Origins that may embed the desk.
            // "FrameAncestors": [ "https://apps.mypurecloud.com" ]
          },

          "Inbound": {
            // What EventBridge's API destination sends as x-api-key to /v1/events/genesys, in place of a key of the role bot.
            // "EventKey": ""
          },

          "Runner": {
            // Handoffs worked on at the same time.
            "AtOnce": 64,
            // Longer than the platform's slowest late transfer. After it, one that is not there has not happened and is sent again.
            "SettleSeconds": 10,
            // From the commit of an intent to the wire, at the most; after a crash this is waited for before settling.
            "SendWithinSeconds": 8,
            // From an accepted transfer to the first look whether it has happened.
            "FirstLookSeconds": 2,
            // Pauses between looks while waiting for an agent: from, to.
            "FollowLeastSeconds": 2,
            "FollowMostSeconds": 30
          }
        }

        """;
}
