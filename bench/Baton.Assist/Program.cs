using Baton.Assist;

if (args.Length > 0)
{
    Console.Error.WriteLine("usage: Baton.Assist takes no arguments.");
    return 2;
}
return AssistBench.Run() ? 0 : 1;
