using System.Diagnostics;

namespace Baton.Benchmarks.Speed;

static class Dotnet
{
    /// <summary>One of the programs beside this one, or a program by its path.</summary>
    public static Process Start(string program, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var how = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        how.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program));
        foreach (var argument in arguments) how.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) how.Environment[name] = value;
        var process = Process.Start(how)!;
        // What nobody reads fills the pipe, and then the process stands still.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
