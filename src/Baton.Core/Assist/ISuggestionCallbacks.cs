namespace Baton.Core.Assist;

/// <summary>Reads the callbacks of a source that answers later. Reads only: the same body twice is the same reply twice.</summary>
public interface ISuggestionCallbacks
{
    /// <summary>Whose they are, as <see cref="ISuggestionSource.Name"/>.</summary>
    string Source { get; }

    /// <summary>Null when the body is not a callback at all: not JSON, or no object.</summary>
    CallbackReply? Read(string body);
}
