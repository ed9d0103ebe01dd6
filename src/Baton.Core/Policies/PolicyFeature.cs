namespace Baton.Core.Policies;

public enum PolicyFeature { Callback, ReturnToBot, CustomerMessages, Skills, Language, Priority }
