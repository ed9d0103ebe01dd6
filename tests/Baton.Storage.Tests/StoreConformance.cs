using Baton.Core;

namespace Baton.Storage.Tests;

/// <summary>What every store must do, whatever database it keeps its rows in: a database's tests derive from this and say how to open one.</summary>
public abstract partial class StoreConformance : IAsyncLifetime
{
    IBatonStore? store;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;
    protected IBatonStore Store => store!;

    /// <summary>A store on the same data as every other of this test: each stands for a process.</summary>
    protected abstract Task<IBatonStore> OpenAsync();

    /// <summary>Changes the data behind the store's back.</summary>
    protected abstract Task TamperAsync(string sql);

    /// <summary>Everything the audit trail's tables hold, as text.</summary>
    protected abstract Task<string> DumpAuditAsync();

    protected abstract ValueTask CleanUpAsync();

    public async ValueTask InitializeAsync() => store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (store is not null) await store.DisposeAsync();
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }
}
