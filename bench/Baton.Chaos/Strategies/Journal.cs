namespace Baton.Chaos.Strategies;

/// <summary>What a script has written down: begun, done. A line is on disk when its method returns.</summary>
sealed class Journal : IDisposable
{
    readonly HashSet<string> begun = [];
    readonly HashSet<string> done = [];
    readonly StreamWriter writer;
    readonly FileStream file;
    readonly Lock gate = new();

    public Journal(string path)
    {
        if (File.Exists(path))
        {
            // The last line may be torn.
            foreach (var line in File.ReadAllLines(path).Where(l => l.Length == 2 + Guid.Empty.ToString().Length)) (line[0] == 'd' ? done : begun).Add(line[2..]);
        }
        file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        writer = new StreamWriter(file) { AutoFlush = true };
        writer.WriteLine();
    }

    public bool IsBegun(string id) => Holds(begun, id);
    public bool IsDone(string id) => Holds(done, id);
    public void Begin(string id) => Write('b', id, begun);
    public void Done(string id) => Write('d', id, done);

    bool Holds(HashSet<string> set, string id)
    {
        lock (gate) return set.Contains(id);
    }

    void Write(char what, string id, HashSet<string> set)
    {
        lock (gate)
        {
            set.Add(id);
            writer.WriteLine($"{what} {id}");
            file.Flush(flushToDisk: true);
        }
    }

    public void Dispose() => writer.Dispose();
}
