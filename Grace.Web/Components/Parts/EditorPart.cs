using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Grace.Web.Components.Parts;

/// <summary>A part whose text a browser shows in an editor where it can load one; what it draws is of use without.</summary>
public abstract class EditorPart : ComponentBase, IAsyncDisposable
{
    [Inject] IJSRuntime Script { get; set; } = null!;

    /// <summary>The id of the element that holds the text, and a host marked <c>data-editor</c> for the editor.</summary>
    protected string Pane { get; } = $"editor-{Guid.NewGuid():N}";

    /// <summary>Asks the page's editors for something in this pane; a browser that is gone or cannot leaves the text as it is.</summary>
    protected async Task AskAsync(string what, params object?[] with)
    {
        try
        {
            await Script.InvokeVoidAsync($"graceEditors.{what}", [Pane, .. with]);
        }
        catch (Exception e) when (e is JSDisconnectedException or JSException or OperationCanceledException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await AskAsync("close");
        GC.SuppressFinalize(this);
    }
}
