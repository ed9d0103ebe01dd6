using Baton.Genesys;

namespace Baton.Tests.Genesys;

public sealed class GenesysOptionsTests
{
    static readonly GenesysOptions good = new() { Region = "eu-central-1", Clients = [The.Client] };

    public static TheoryData<string, string> Regions => new()
    {
        { "us-east-1", "mypurecloud.com" }, { "eu-west-1", "mypurecloud.ie" }, { "eu-central-1", "mypurecloud.de" }, { "ap-northeast-1", "mypurecloud.jp" },
        { "ap-southeast-2", "mypurecloud.com.au" }, { "us-west-2", "usw2.pure.cloud" }, { "ca-central-1", "cac1.pure.cloud" }, { "ap-northeast-2", "apne2.pure.cloud" },
        { "eu-west-2", "euw2.pure.cloud" }, { "ap-south-1", "aps1.pure.cloud" }, { "us-east-2", "use2.us-gov-pure.cloud" }, { "sa-east-1", "sae1.pure.cloud" },
        { "me-central-1", "mec1.pure.cloud" }, { "ap-northeast-3", "apne3.pure.cloud" }, { "eu-central-2", "euc2.pure.cloud" }, { "mx-central-1", "mxc1.pure.cloud" },
        { "ap-southeast-1", "apse1.pure.cloud" }, { "eusc-de-east-1", "edee1.eusc-pure.cloud" },
    };

    [Theory]
    [MemberData(nameof(Regions))]
    public void A_region_is_known_by_both_spellings_and_by_its_domain(string name, string domain)
    {
        foreach (var spelling in new[] { name, name.Replace('-', '_'), name.ToUpperInvariant(), domain, $" {domain} " })
        {
            var options = good with { Region = spelling };
            options.Check().ShouldBeEmpty();
            (options.ApiUrl.ToString(), options.LoginUrl.ToString()).ShouldBe(($"https://api.{domain}/", $"https://login.{domain}/"));
        }
    }

    [Fact]
    public void Those_are_all_regions() => GenesysRegion.Names.ShouldBe(Regions.Select(r => r.Data.Item1), ignoreOrder: true);

    public static TheoryData<GenesysOptions, string> Errors => new()
    {
        { good with { Clients = [] }, "Genesys:ClientId is empty; set GENESYS_CLIENT_ID or BATON__GENESYS__CLIENTID." },
        { good with { Clients = [new(" ", "s")] }, "Genesys:ClientId is empty; set GENESYS_CLIENT_ID" },
        { good with { Clients = [new("id", "")] }, "Genesys:ClientSecret is empty; set GENESYS_CLIENT_SECRET" },
        { good with { Clients = [The.Client, new("id", "")] }, "Genesys:Clients:1:ClientSecret is empty" },
        { good with { Region = null }, "Genesys:Region is empty; set GENESYS_REGION to one of us-east-1, " },
        { good with { Region = null, ApiBaseUrl = "https://api.test" }, "Genesys:Region is empty" },
        { good with { Region = "mars-1" }, "Genesys:Region is 'mars-1'; allowed is one of us-east-1, " },
        { good with { ApiBaseUrl = "api.test" }, "Genesys:ApiBaseUrl is 'api.test'; it must be an http or https address." },
        { good with { ApiBaseUrl = "" }, "Genesys:ApiBaseUrl is ''; it must be" },
        { good with { LoginBaseUrl = "ftp://login.test" }, "Genesys:LoginBaseUrl is 'ftp://login.test'; it must be" },
        { good with { LoginBaseUrl = "http://login.test" }, "Genesys:LoginBaseUrl is 'http://login.test'; plain http would show the credentials" },
        { good with { CallsPerMinute = 9 }, "Genesys:CallsPerMinute is 9; it must be at least 10." },
        { good with { SuggestionsPerMinute = 0 }, "Genesys:SuggestionsPerMinute is 0; it must be at least 1." },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Each_error_names_its_key_and_the_fix(GenesysOptions options, string error) => options.Check().ShouldHaveSingleItem().ShouldStartWith(error);

    [Fact]
    public void All_errors_are_told_at_once() =>
        new GenesysOptions { Clients = [new("", "")], Region = "mars-1", ApiBaseUrl = "x", LoginBaseUrl = "http://y", CallsPerMinute = 0 }.Check().Count.ShouldBe(6);

    [Fact]
    public void Both_addresses_make_a_region_unnecessary()
    {
        var options = good with { Region = null, ApiBaseUrl = "http://127.0.0.1:8080/", LoginBaseUrl = "http://localhost:8080" };
        options.Check().ShouldBeEmpty();
        (options.ApiUrl.ToString(), options.LoginUrl.ToString()).ShouldBe(("http://127.0.0.1:8080/", "http://localhost:8080/"));
    }

    [Theory]
    [InlineData("https://api.mypurecloud.com", "https://login.mypurecloud.com/")]
    [InlineData("https://API.usw2.pure.cloud/", "https://login.usw2.pure.cloud/")]
    [InlineData("https://api.elsewhere.test", null)]
    [InlineData("https://mypurecloud.com", null)]
    public void The_api_address_of_a_known_region_says_where_to_sign_in(string api, string? login)
    {
        var options = good with { Region = null, ApiBaseUrl = api };
        if (login is null) options.Check().ShouldHaveSingleItem().ShouldStartWith("Genesys:Region is empty");
        else (options.Check().Count, options.LoginUrl.ToString()).ShouldBe((0, login));
    }

    [Fact]
    public void The_secret_is_never_shown()
    {
        The.Client.ToString().ShouldBe("OAuthClientOptions { ClientId = client-1, ClientSecret = *** }");
        good.ToString().ShouldNotContain("top-secret");
        $"{new { The.Client }}".ShouldNotContain("top-secret");
    }
}
