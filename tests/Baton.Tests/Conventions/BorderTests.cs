using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Baton.Core;
using Baton.Genesys;

namespace Baton.Tests.Conventions;

/// <summary>Who may reference whom (design 1). A project that is not in the table has no place in the house yet.</summary>
public sealed class BorderTests
{
    static readonly Dictionary<string, string[]> allowed = new()
    {
        ["Baton.Core"] = [],
        ["Baton.Storage"] = ["Baton.Core"],
        ["Baton.Genesys"] = ["Baton.Core"],
        ["Baton.Sandbox"] = [],
        ["Baton.Server"] = ["Baton.Core", "Baton.Storage", "Baton.Genesys"],
        ["Baton.Cli"] = ["Baton.Server", "Baton.Sandbox"],
    };

    static IEnumerable<string> Projects => Directory.EnumerateFiles(Path.Combine(Tree.Root, "src"), "*.csproj", SearchOption.AllDirectories);

    [Fact]
    public void The_projects_are_those_of_the_design() => Projects.Select(Path.GetFileNameWithoutExtension).ShouldBe(allowed.Keys, ignoreOrder: true);

    [Fact]
    public void Each_project_references_only_what_it_may()
    {
        foreach (var project in Projects)
        {
            var references = XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
            references.Except(allowed[Path.GetFileNameWithoutExtension(project)]).ShouldBeEmpty(Tree.Relative(project));
        }
    }

    [Theory]
    [InlineData(typeof(IContactCenter))]
    [InlineData(typeof(GenesysOptions))]
    public void What_was_built_references_only_what_it_may(Type within)
    {
        var assembly = within.Assembly;
        var references = assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(name => name.StartsWith("Baton.", StringComparison.Ordinal));
        references.Except(allowed[assembly.GetName().Name!]).ShouldBeEmpty();
    }

    [Fact]
    public void The_core_knows_no_http_no_sql_and_no_vendor()
    {
        typeof(IContactCenter).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => name.StartsWith("System.Net.Http", StringComparison.Ordinal) || name.StartsWith("System.Data", StringComparison.Ordinal) || name.Contains("Sqlite") || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))
            .ShouldBeEmpty();
        typeof(IContactCenter).Assembly.GetTypes().Select(type => type.Name).Where(name => name.Contains("Genesys")).ShouldBeEmpty();
    }

    [Fact]
    public void The_sandbox_and_the_connector_share_no_type()
    {
        Tree.Product.Where(s => s.Path.StartsWith("src/Baton.Sandbox/", StringComparison.Ordinal)).SelectMany(s => s.Where(line => Regex.IsMatch(line, @"\bBaton\.(?!Sandbox\b)\w+", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)) && line.StartsWith("using", StringComparison.Ordinal)))
            .ShouldBeEmpty();
        Tree.Product.Where(s => s.Path.StartsWith("src/Baton.Genesys/", StringComparison.Ordinal)).SelectMany(s => s.Where(line => line.Contains("Baton.Sandbox"))).ShouldBeEmpty();
    }

    [Fact]
    public void The_connectors_surface_is_small()
    {
        // What the server composes; everything else is internal.
        typeof(GenesysOptions).Assembly.GetExportedTypes().Select(type => type.Name)
            .ShouldBe(["CallCounter", "CallCounts", "FeedState", "GenesysContactCenter", "GenesysFlavor", "GenesysNews", "GenesysOptions", "GenesysRegion", "NotificationFeed", "OAuthClientOptions", "PermissionCheck", "PersonSignIn", "PlatformPerson", "QueueStatus", "QuotaState"], ignoreOrder: true);
    }
}
