namespace Grace.Web.Components.Parts;

/// <summary>What a button is among those beside it: what one comes for, something else, or what cannot be taken back.</summary>
public enum ActionKind
{
    Other,
    Main,
    Danger,
}
