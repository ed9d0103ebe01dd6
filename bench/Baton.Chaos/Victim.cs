using System.Diagnostics;

namespace Baton.Chaos;

/// <summary>A worker process, to be killed.</summary>
sealed class Victim : IDisposable
{
    const int Sigkill = 9;

    readonly Process process;
    readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    Victim(Process process) => this.process = process;

    public Task Ready => ready.Task;
    public Task Gone => process.WaitForExitAsync(CancellationToken.None);
    public bool IsGone => process.HasExited;

    /// <summary>Of one that is gone: whether a kill was its end, not a bug.</summary>
    public bool WasKilled => process.ExitCode == 128 + Sigkill;

    public static Victim Start(params string[] arguments)
    {
        var how = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") how.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Baton.Chaos.dll"));
        how.ArgumentList.Add("worker");
        foreach (var argument in arguments) how.ArgumentList.Add(argument);
        var victim = new Victim(Process.Start(how)!);
        victim.process.OutputDataReceived += (_, line) =>
        {
            if (line.Data == WorkerProcess.Ready) victim.ready.TrySetResult();
        };
        victim.process.BeginOutputReadLine();
        return victim;
    }

    /// <summary>kill -9: nothing is flushed, nobody says goodbye.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill();
        await Gone;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
