namespace Baton.Genesys;

/// <summary>A region of the platform and its domain (the official SDK's region hosts).</summary>
public sealed record GenesysRegion(string Name, string Domain)
{
    static readonly GenesysRegion[] All =
    [
        new("us-east-1", "mypurecloud.com"), new("eu-west-1", "mypurecloud.ie"), new("eu-central-1", "mypurecloud.de"),
        new("ap-northeast-1", "mypurecloud.jp"), new("ap-southeast-2", "mypurecloud.com.au"), new("us-west-2", "usw2.pure.cloud"),
        new("ca-central-1", "cac1.pure.cloud"), new("ap-northeast-2", "apne2.pure.cloud"), new("eu-west-2", "euw2.pure.cloud"),
        new("ap-south-1", "aps1.pure.cloud"), new("us-east-2", "use2.us-gov-pure.cloud"), new("sa-east-1", "sae1.pure.cloud"),
        new("me-central-1", "mec1.pure.cloud"), new("ap-northeast-3", "apne3.pure.cloud"), new("eu-central-2", "euc2.pure.cloud"),
        new("mx-central-1", "mxc1.pure.cloud"), new("ap-southeast-1", "apse1.pure.cloud"), new("eusc-de-east-1", "edee1.eusc-pure.cloud"),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(r => r.Name)];

    /// <summary>By name, with dashes or underscores, or by domain; null when there is none.</summary>
    public static GenesysRegion? Find(string text)
    {
        var name = text.Trim().Replace('_', '-');
        return All.FirstOrDefault(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || r.Domain.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
