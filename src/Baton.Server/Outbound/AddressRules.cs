using System.Net;
using System.Net.Sockets;

namespace Baton.Server.Outbound;

/// <summary>Which addresses events may be sent to. A receiver's name is the configuration's, but what it resolves to is somebody else's to say: it is checked when the connection is made.</summary>
/// <param name="AllowLoopback">Receivers on this machine, also without TLS.</param>
/// <param name="AllowPrivate">Receivers in the organization's own network.</param>
public sealed record AddressRules(bool AllowLoopback, bool AllowPrivate)
{
    static readonly IPNetwork[] privates =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("fc00::/7"),
    ];

    // Nothing of a receiver is ever there: unspecified, link-local (and the clouds' metadata with it), documentation, benchmarks, multicast, reserved, and IPv4 wrapped in translations.
    static readonly IPNetwork[] never =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"),
        IPNetwork.Parse("::/128"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fec0::/10"), IPNetwork.Parse("ff00::/8"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("64:ff9b:1::/48"), IPNetwork.Parse("2002::/16"), IPNetwork.Parse("2001::/32"),
    ];

    /// <summary>Why not, as a phrase; null when it may be.</summary>
    public string? WhyNot(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)) return "is no internet address";
        if (IPAddress.IsLoopback(plain)) return AllowLoopback ? null : "is this machine's own; Deliveries:AllowLoopback permits it";
        if (never.Any(n => n.Contains(plain))) return "is no address of a receiver";
        if (privates.Any(n => n.Contains(plain))) return AllowPrivate ? null : "is private; Deliveries:AllowPrivate permits it";
        return null;
    }
}
