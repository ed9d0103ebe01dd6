namespace Baton.Core.Policies;

/// <param name="Line">1-based; where in the file the fault is.</param>
/// <param name="Key">The key it is about (<c>triggers.askedForHuman.atLeast</c>); empty for the file as a whole.</param>
/// <param name="Sentence">What is wrong and what is allowed.</param>
public sealed record PolicyError(int Line, int Column, string Key, string Sentence)
{
    public override string ToString() => $"line {Line}: {Sentence}";
}
