using Baton.Core.Policies;
using Baton.Genesys;
using Baton.Server;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.EndToEnd.Tests.Console;

/// <summary>Whoever changed last has it (docs/decisions/010): systems on one store, each standing for a process, with files of their own or a shared one.</summary>
public sealed class PolicyInForceTests : IDisposable
{
    const string First = "name: first\nextends: default\n";
    const string Edited = "name: edited\nextends: default\n";
    const string Console = "name: console\nextends: default\n";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("baton-policy-");

    static CancellationToken Ct => TestContext.Current.CancellationToken;
    string FileName => Path.Combine(folder.FullName, "policy.yaml");

    public PolicyInForceTests() => File.WriteAllText(FileName, First);

    async Task<BatonSystem> OpenAsync(string? policy = null, bool begins = true, bool ofThisRun = false)
    {
        var settings = new BatonSettings
        {
            StorePath = Path.Combine(folder.FullName, "baton.db"),
            Policy = policy ?? FileName,
            IsPolicyGiven = true,
            IsPolicyOfThisRun = ofThisRun,
            Genesys = new GenesysOptions { ApiBaseUrl = "http://127.0.0.1:9/", LoginBaseUrl = "http://127.0.0.1:9/", Clients = [new OAuthClientOptions("id", "secret")] },
        };
        var system = await BatonSystem.OpenAsync(settings, new BatonSystem.Parts(TimeProvider.System, new Random(1), NullLoggerFactory.Instance), Ct);
        if (begins) await system.Policies.BeginAsync(Ct);
        return system;
    }

    static string NameOf(BatonSystem system) => system.Policy.Current.Version.Name;

    static async Task SaveAsync(BatonSystem system, string text) =>
        (await new PolicyDesk(system).SaveAsync(text, null, system.Policies.InForce.Number, "Sue", Ct)).ShouldBeOfType<PolicyReply.Saved>();

    static async Task LookTwiceAsync(BatonSystem system)
    {
        await system.Policies.RunOnceAsync(Ct);
        await system.Policies.RunOnceAsync(Ct);
    }

    [Fact]
    public async Task A_restart_keeps_what_the_console_saved_as_long_as_nobody_edits_the_file()
    {
        await using (var before = await OpenAsync())
        {
            NameOf(before).ShouldBe("first");
            await SaveAsync(before, Console);
        }
        await using (var after = await OpenAsync())
        {
            NameOf(after).ShouldBe("console");
            after.Policies.InForce.ShouldSatisfyAllConditions(e => e.Number.ShouldBe(2), e => e.By.ShouldBe("Sue"));
        }
        await File.WriteAllTextAsync(FileName, "# a word more\n" + First, Ct);
        await using (var commented = await OpenAsync()) NameOf(commented).ShouldBe("console", "a comment decides nothing");
        await File.WriteAllTextAsync(FileName, Edited, Ct);
        await using var edited = await OpenAsync();
        (NameOf(edited), edited.Policies.InForce.Number, edited.Policies.InForce.Source).ShouldBe(("edited", 3L, PolicySource.File));
    }

    [Fact]
    public async Task A_file_that_is_edited_while_a_server_runs_is_taken_once_it_is_written_whole()
    {
        await using var system = await OpenAsync();
        await SaveAsync(system, Console);
        await File.WriteAllTextAsync(FileName, Edited[..14], Ct);
        await system.Policies.RunOnceAsync(Ct);
        NameOf(system).ShouldBe("console", "it may be half of it");
        await File.WriteAllTextAsync(FileName, Edited, Ct);
        await system.Policies.RunOnceAsync(Ct);
        NameOf(system).ShouldBe("console");
        await system.Policies.RunOnceAsync(Ct);
        (NameOf(system), system.Policies.InForce.Number).ShouldBe(("edited", 3L));
        await SaveAsync(system, Console);
        await LookTwiceAsync(system);
        NameOf(system).ShouldBe("console", "the file has not changed since");
    }

    [Theory]
    [InlineData("name: [")]
    [InlineData("name: x\nextends: default\nfallback: [callback]\n")]
    [InlineData(null)]
    public async Task A_file_that_cannot_be_used_does_not_get_in_and_is_told_until_it_is_mended(string? text)
    {
        await using var system = await OpenAsync();
        if (text is null) File.Delete(FileName);
        else await File.WriteAllTextAsync(FileName, text, Ct);
        await LookTwiceAsync(system);
        NameOf(system).ShouldBe("first");
        system.Policies.Trouble.ShouldNotBeNull().ShouldContain("policy.yaml");
        await SaveAsync(system, Console);
        (NameOf(system), system.Policies.Trouble is null).ShouldBe(("console", false));
        await File.WriteAllTextAsync(FileName, Edited, Ct);
        await LookTwiceAsync(system);
        (NameOf(system), system.Policies.Trouble).ShouldBe(("edited", null));
    }

    [Fact]
    public async Task Processes_on_one_store_agree_and_two_with_different_files_do_not_take_turns()
    {
        await using var one = await OpenAsync();
        var other = Path.Combine(folder.FullName, "other.yaml");
        await File.WriteAllTextAsync(other, Edited, Ct);
        await using var two = await OpenAsync(other);
        NameOf(two).ShouldBe("edited");
        await LookTwiceAsync(one);
        NameOf(one).ShouldBe("edited");
        await SaveAsync(one, Console);
        for (var i = 0; i < 3; i++)
        {
            await one.Policies.RunOnceAsync(Ct);
            await two.Policies.RunOnceAsync(Ct);
        }
        (NameOf(one), NameOf(two)).ShouldBe(("console", "console"));
        (await one.Store.ListPoliciesAsync(null, 10, Ct)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Many_that_start_at_once_with_an_edited_file_enter_it_once()
    {
        await using (await OpenAsync()) { }
        await File.WriteAllTextAsync(FileName, Edited, Ct);
        var systems = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => OpenAsync(), Ct)));
        systems.ShouldAllBe(s => s.Policy.Current.Version.Name == "edited");
        (await systems[0].Store.ListPoliciesAsync(null, 10, Ct)).Select(v => v.Version.Name).ShouldBe(["edited", "first"]);
        foreach (var system in systems) await system.DisposeAsync();
    }

    [Fact]
    public async Task A_command_follows_the_store_and_enters_nothing_and_a_policy_named_for_it_is_the_one()
    {
        await using (var server = await OpenAsync()) await SaveAsync(server, Console);
        await using (var command = await OpenAsync(begins: false)) NameOf(command).ShouldBe("console");
        await using (var command = await OpenAsync("escalate", begins: false, ofThisRun: true)) NameOf(command).ShouldBe("escalate");
        await using (var command = await OpenAsync(FileName, begins: false, ofThisRun: true)) NameOf(command).ShouldBe("first");
        await using var last = await OpenAsync(begins: false);
        (await last.Store.ListPoliciesAsync(null, 10, Ct)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Another_preset_in_the_settings_wins_the_same_one_does_not()
    {
        await using (var server = await OpenAsync("default")) await SaveAsync(server, Console);
        await using (var same = await OpenAsync("default")) NameOf(same).ShouldBe("console");
        await using var other = await OpenAsync("escalate");
        NameOf(other).ShouldBe("escalate");
    }

    [Fact]
    public async Task A_stored_version_that_cannot_be_used_here_keeps_the_one_in_force()
    {
        await using var system = await OpenAsync();
        await system.Store.SavePolicyAsync(new PolicyEdition(0, new PolicyVersion("broken", "1", "000000000000"), "name: [", "Bob", system.Time.GetUtcNow(), PolicySource.Console), 1, Ct);
        await system.Policies.RunOnceAsync(Ct);
        NameOf(system).ShouldBe("first");
        system.Policies.Trouble.ShouldNotBeNull().ShouldContain("Version 2 of the policy, by Bob");
        (await new PolicyDesk(system).SaveAsync(Edited, null, 2, "Sue", Ct)).ShouldBeOfType<PolicyReply.Saved>();
        (NameOf(system), system.Policies.Trouble).ShouldBe(("edited", null));
    }

    public void Dispose() => folder.Delete(recursive: true);
}
