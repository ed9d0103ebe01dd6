using System.CommandLine;

namespace Baton.Cli;

/// <summary>What a script may rely on (design 10).</summary>
static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The answer is no: refused, failed, not found.</summary>
    public const int RefusedOrFailed = 1;

    /// <summary>Wrong use or configuration: nothing was tried.</summary>
    public const int WrongUse = 2;

    public static string PathFrom(this Command command, Command root)
    {
        var names = new List<string>();
        for (Symbol? symbol = command; symbol is not null && symbol != root; symbol = symbol.Parents.FirstOrDefault()) names.Insert(0, symbol.Name);
        return string.Join(' ', ["baton", .. names]);
    }
}
