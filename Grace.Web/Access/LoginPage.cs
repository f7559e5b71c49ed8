namespace Grace.Web.Access;

/// <summary>What somebody without a login sees: plain HTML, since nothing else is served to them.</summary>
static class LoginPage
{
    public static string Html(bool wrong) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Grace: sign in</title>
          <style>
            :root { color-scheme: light dark }
            body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 100vh; margin: 0 }
            main { max-width: 28rem; padding: 1.5rem }
            input, button { font: inherit; padding: .5rem; width: 100%; box-sizing: border-box; margin-top: .5rem }
            .wrong { color: light-dark(#b3261e, #f2b8b5) }
          </style>
        </head>
        <body><main>
          <h1>Grace</h1>
          {{(wrong ? "<p class=\"wrong\" role=\"alert\">That login link is not valid any more.</p>" : "")}}
          <p>Open the login link that <code>./grace serve</code> printed, or paste its token here.</p>
          <form method="get" action="/login"><label>Token <input name="token" type="password" required autocomplete="current-password"></label><button>Sign in</button></form>
        </main></body>
        </html>
        """;
}
