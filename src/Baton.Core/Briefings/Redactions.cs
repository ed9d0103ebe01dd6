namespace Baton.Core.Briefings;

/// <summary>What a policy has taken out of a briefing: it ends up in attributes that every report shows.</summary>
[Flags]
public enum Redactions
{
    None = 0,

    /// <summary>Numbers of 13 to 19 digits.</summary>
    Card = 1,
    Email = 2,

    /// <summary>Numbers of 9 digits or more that are no card's.</summary>
    Phone = 4,
    All = Card | Email | Phone,
}
