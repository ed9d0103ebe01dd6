using Baton.Core.Policies;

namespace Baton.Server.Console.Policies;

public static class PolicyWords
{
    public static string By(PolicyEdition edition) => edition.Source == PolicySource.File ? $"the settings: {edition.By}" : edition.By;
}
