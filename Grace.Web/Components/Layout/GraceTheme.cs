using MudBlazor;
using MudBlazor.Utilities;

namespace Grace.Web.Components.Layout;

/// <summary>
/// The one theme: both palettes (text on its ground at 4.5 to 1 or more), type and measures. Both are written into the page
/// as it is served, each under the theme it belongs to, so that the first paint is right and switching costs no round trip.
/// </summary>
static class GraceTheme
{
    public static readonly MudTheme Light = Make(":root");
    public static readonly MudTheme Dark = Make(":root[data-theme='dark']");

    static MudTheme Make(string scope) => new()
    {
        PseudoCss = new() { Scope = scope },
        PaletteLight = Fill(new PaletteLight(), new(
            Page: "#f5f6fa", Panel: "#ffffff", Code: "#f0f1f6", Ink: "#1c1e26", Soft: "#5b6070", Line: "#d9dbe3", Edge: "#8a8f9e",
            Running: "#2a5bd7", Good: "#16703a", Bad: "#b3261e", Waiting: "#8a5a00")),
        PaletteDark = Fill(new PaletteDark(), new(
            Page: "#17181d", Panel: "#22242c", Code: "#1b1d24", Ink: "#eceef4", Soft: "#a9aebd", Line: "#3a3d49", Edge: "#767b8b",
            Running: "#8fb0ff", Good: "#6fd08c", Bad: "#ff9d94", Waiting: "#f1c063")),
        LayoutProperties = new() { AppbarHeight = "52px", DrawerWidthLeft = "208px", DrawerMiniWidthLeft = "56px", DefaultBorderRadius = "8px" },
        Typography = new()
        {
            Default = new DefaultTypography
            {
                FontFamily = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"], FontSize = ".9375rem", LineHeight = "1.5", LetterSpacing = "normal",
            },
            Button = new ButtonTypography { FontSize = ".9rem", FontWeight = "600", LineHeight = "1.5", LetterSpacing = "normal", TextTransform = "none" },
        },
    };

    /// <param name="Running">Also what can be pressed and followed.</param>
    sealed record Colours(string Page, string Panel, string Code, string Ink, string Soft, string Line, string Edge, string Running, string Good, string Bad, string Waiting);

    static T Fill<T>(T palette, Colours c) where T : Palette
    {
        MudColor Of(string hex) => new(hex);
        (palette.Background, palette.Surface, palette.BackgroundGray) = (Of(c.Page), Of(c.Panel), Of(c.Code));
        (palette.TextPrimary, palette.TextSecondary, palette.ActionDefault) = (Of(c.Ink), Of(c.Soft), Of(c.Soft));
        (palette.LinesDefault, palette.LinesInputs, palette.TableLines, palette.Divider) = (Of(c.Line), Of(c.Edge), Of(c.Line), Of(c.Line));
        (palette.Primary, palette.Info, palette.Success, palette.Error, palette.Warning) = (Of(c.Running), Of(c.Running), Of(c.Good), Of(c.Bad), Of(c.Waiting));
        // On a filled ground stands what else is the panel's colour, in either theme.
        palette.PrimaryContrastText = palette.InfoContrastText = palette.SuccessContrastText = palette.ErrorContrastText = palette.WarningContrastText = Of(c.Panel);
        (palette.AppbarBackground, palette.AppbarText) = (Of(c.Panel), Of(c.Ink));
        (palette.DrawerBackground, palette.DrawerText, palette.DrawerIcon) = (Of(c.Panel), Of(c.Ink), Of(c.Soft));
        return palette;
    }
}
