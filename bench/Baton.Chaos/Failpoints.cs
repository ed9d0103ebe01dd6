using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace Baton.Chaos;

/// <summary>
/// Stands around the borders of Core, the store and the vendor, and kills its own process when a named point is passed for the n-th time. The product knows nothing of it,
/// and a method that is added to a border has its points at once.
/// </summary>
sealed class Failpoints(string? deadly, string? record)
{
    readonly ConcurrentDictionary<string, int> passed = [];
    readonly Lock gate = new();

    // Reads of the table and waiting change nothing, and happen as often as it pleases.
    static bool IsStep(MethodInfo method) => typeof(Task).IsAssignableFrom(method.ReturnType)
        && !method.Name.StartsWith("WaitFor", StringComparison.Ordinal) && !method.Name.StartsWith("Next", StringComparison.Ordinal) && !method.Name.StartsWith("Find", StringComparison.Ordinal)
        && method.Name is not "PausedAsync" and not "OwnerAsync" and not "ClaimDueAsync" and not "ClaimDeliveriesAsync";

    public T Around<T>(T inner) where T : class
    {
        var proxy = DispatchProxy.Create<T, Passage>();
        (((Passage)(object)proxy).Inner, ((Passage)(object)proxy).Points) = (inner, this);
        return proxy;
    }

    void Pass(string point)
    {
        var time = passed.AddOrUpdate(point, 1, (_, before) => before + 1);
        var name = $"{point}:{time}";
        if (record is not null)
        {
            lock (gate) File.AppendAllText(record, name + "\n");
        }
        if (name == deadly) Process.GetCurrentProcess().Kill();
    }

#pragma warning disable CA1852 // DispatchProxy makes a type of its own under this one.
    class Passage : DispatchProxy
    {
        static readonly MethodInfo afterOf = typeof(Passage).GetMethod(nameof(AfterOfAsync), BindingFlags.NonPublic | BindingFlags.Instance)!;

        public object Inner { get; set; } = null!;
        public Failpoints Points { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (!IsStep(targetMethod!)) return Call(targetMethod!, args);
            Points.Pass($"{targetMethod!.Name}.before");
            var task = (Task)Call(targetMethod, args)!;
            var after = $"{targetMethod.Name}.after";
            return targetMethod.ReturnType == typeof(Task)
                ? AfterAsync(task, after)
                : afterOf.MakeGenericMethod(targetMethod.ReturnType.GetGenericArguments()).Invoke(this, [task, after]);
        }

        async Task AfterAsync(Task task, string point)
        {
            await task;
            Points.Pass(point);
        }

        async Task<T> AfterOfAsync<T>(Task<T> task, string point)
        {
            var result = await task;
            Points.Pass(point);
            return result;
        }

        object? Call(MethodInfo method, object?[]? args)
        {
            try { return method.Invoke(Inner, args); }
            catch (TargetInvocationException e)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e.InnerException!).Throw();
                throw;
            }
        }
    }
#pragma warning restore CA1852
}
