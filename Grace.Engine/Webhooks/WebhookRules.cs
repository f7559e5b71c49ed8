using System.Net;
using Grace.Engine.Feed;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Webhooks;

/// <summary>Whether a webhook can be registered, as far as that can be told without looking anywhere.</summary>
public static class WebhookRules
{
    public const int LongestUrl = 2000;
    public const int LongestDescription = 200;

    public static IEnumerable<FieldError> Check(WebhookWish wish, bool allowPrivate)
    {
        foreach (var error in Address(wish.Url, allowPrivate))
            yield return error;
        foreach (var error in EventFilter.Check("types", wish.Types))
            yield return error;
        if (wish.Types.FirstOrDefault(t => t.StartsWith("webhook.", StringComparison.Ordinal)) is { } own)
            yield return new("types", $"'{own}' tells of webhooks, which webhooks are not told.");
        if (wish.Description is { Length: > LongestDescription } long_)
            yield return new("description", $"description has {long_.Length} characters; allowed are {LongestDescription}.");
    }

    static IEnumerable<FieldError> Address(string? given, bool allowPrivate)
    {
        if (string.IsNullOrWhiteSpace(given))
            yield return new("url", "url is missing; it must be the http or https address that is to be called.");
        else if (given.Length > LongestUrl)
            yield return new("url", $"url has {given.Length} characters; allowed are {LongestUrl}.");
        else if (!Uri.TryCreate(given, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return new("url", $"url is '{given}'; it must be an http or https address.");
        else if (url.UserInfo.Length > 0)
            yield return new("url", "url holds a name or password; leave it out: deliveries are signed, which tells the receiver who calls.");
        else if (url.Fragment.Length > 0)
            yield return new("url", $"url ends in '{url.Fragment}', which is never sent; leave it out.");
        else if (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && WebhookAddress.Refusal(address, allowPrivate) is { } refusal)
            yield return new("url", refusal);
    }
}
