using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Baton.Server.Console;

/// <summary>A component as a page. The framework's own result for it brings antiforgery, key rings and persisted state, none of which a page here has a use for.</summary>
sealed class RenderedPage<TPage>(int status, Dictionary<string, object?> parameters) : IResult where TPage : IComponent
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var renderer = new HtmlRenderer(httpContext.RequestServices, httpContext.RequestServices.GetRequiredService<ILoggerFactory>());
        await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(parameters));
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "text/html; charset=utf-8";
            await using var text = new Utf8Text(httpContext.Response.BodyWriter);
            page.WriteHtmlTo(text);
        });
        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    /// <summary>Text straight into the answer's buffer: a page is sent in one piece.</summary>
    sealed class Utf8Text(IBufferWriter<byte> to) : TextWriter
    {
        // Half of a pair may come with the next piece.
        readonly Encoder encoder = Encoding.UTF8.GetEncoder();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write([value]);
        public override void Write(string? value) => Write(value.AsSpan());
        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));
        public override void Write(ReadOnlySpan<char> buffer) => encoder.Convert(buffer, to, flush: false, out _, out _);
    }
}
