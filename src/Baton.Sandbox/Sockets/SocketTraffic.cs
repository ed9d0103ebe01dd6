namespace Baton.Sandbox.Sockets;

/// <summary>Frames on their way to clients right now, over all sockets.</summary>
sealed class SocketTraffic
{
    int underway;

    public int Underway => Volatile.Read(ref underway);

    public void Add(long frames) => Interlocked.Add(ref underway, (int)frames);
}
