using Baton.Core.Deliveries;

namespace Baton.Tests.Deliveries;

public sealed class WebhookSecretTests
{
    /// <summary>The example of the Standard Webhooks specification.</summary>
    [Fact]
    public void The_signature_is_the_specifications() =>
        WebhookSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}""")
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("whsec_")]
    [InlineData("whsec_short")]
    [InlineData("whsec_not base64 at all, not even nearly!")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void What_is_no_secret_is_none(string text) => WebhookSecret.Parse(text).ShouldBeNull();

    [Fact]
    public void It_is_never_shown() => WebhookSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!.ToString().ShouldBe("whsec_***");
}
