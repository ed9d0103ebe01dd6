using System.Text.Json;
using Baton.Core;
using Baton.Core.Handoffs;

namespace Baton.Tests.Handoffs;

public sealed class HandoffIdTests
{
    [Fact]
    public void An_id_is_a_prefix_and_a_uuid_of_version_7()
    {
        foreach (var id in new[] { HandoffId.New(The.Start), HandoffId.New(The.Start, new Random(1)) })
        {
            id.ToString().ShouldMatch("^ho_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$");
            Convert.ToInt64(id.ToString()[3..15], 16).ShouldBe(The.Start.ToUnixTimeMilliseconds());
        }
    }

    [Fact]
    public void An_id_is_read_as_it_is_written() => HandoffId.Parse(The.Id.ToString()).ShouldBe(The.Id);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ho_")]
    [InlineData("0195a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    [InlineData("wh_0195a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    [InlineData("ho_0195a1b2c3d47e5f8a9b0c1d2e3f4a5")]
    [InlineData("ho_0195a1b2c3d47e5f8a9b0c1d2e3f4a5bb")]
    [InlineData("ho_0195A1B2C3D47E5F8A9B0C1D2E3F4A5B")]
    [InlineData("ho_0195a1b2c3d47e5f8a9b0c1d2e3f4a5g")]
    [InlineData(" ho_0195a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    public void Anything_else_is_no_id(string? text)
    {
        HandoffId.TryParse(text, null, out _).ShouldBeFalse();
        if (text is not null) Should.Throw<FormatException>(() => HandoffId.Parse(text)).Message.ShouldContain("ho_ and 32 hex digits");
    }

    [Fact]
    public void Later_ids_sort_later_as_text()
    {
        var random = new Random(1);
        var ids = Enumerable.Range(0, 500).Select(n => HandoffId.New(The.Start.AddMilliseconds(n * 7919L), random).ToString()).ToList();
        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_same_seed_gives_the_same_ids_and_never_one_twice()
    {
        static List<HandoffId> Run() => [.. Ids(new Random(7)).Take(10_000)];
        Run().ShouldBe(Run());
        Run().Distinct().Count().ShouldBe(10_000);
    }

    static IEnumerable<HandoffId> Ids(Random random)
    {
        while (true) yield return HandoffId.New(The.Start, random);
    }

    [Fact]
    public void In_json_an_id_is_its_text()
    {
        var json = JsonSerializer.Serialize(The.Handoff(), CoreJson.Default.Handoff);
        json.ShouldContain($"\"id\":\"{The.Id}\"");
        Should.Throw<FormatException>(() => JsonSerializer.Deserialize(json.Replace(The.Id.ToString(), "ho_1"), CoreJson.Default.Handoff));
    }
}
