namespace Baton.Core.Conversations;

/// <summary>One line of what a guest and the bot wrote, as the guest's record holds it.</summary>
/// <param name="From">Who wrote it, in the platform's word.</param>
public sealed record GuestLine(string From, string Text);
