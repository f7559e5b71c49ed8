using System.Text.RegularExpressions;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>Manifests of other ecosystems: named, so that nobody takes their silence for having no dependencies.</summary>
internal static partial class SeenManifests
{
    private static readonly (string Name, Regex Pattern)[] Known =
    [
        ("Maven and Gradle files", Maven()), ("Ruby manifests", Ruby()), ("Elixir and Erlang manifests", Elixir()), ("Swift and Objective-C manifests", Swift()),
        ("Dart manifests", Dart()), ("C and C++ manifests", Native()), ("Haskell and OCaml manifests", Functional()), ("Scala and Clojure manifests", Scala()),
        ("NuGet manifests of the old kind", Old()), ("Deno manifests", Deno()), ("manifests of other languages", Other()),
    ];

    public static void Tell(SourceTree tree)
    {
        foreach (var (name, pattern) in Known)
            tree.Leave(name, [.. tree.Files.Where(f => pattern.IsMatch(f.Name)).Select(f => f.Path)],
                pattern == Maven() ? "Their commands are named; their dependencies are not read" : "Seen, and their dependencies are not read");
    }

    [GeneratedRegex(@"^(?:pom\.xml|(?:build|settings)\.gradle(?:\.kts)?|.+\.versions\.toml|ivy\.xml)$")]
    private static partial Regex Maven();

    [GeneratedRegex(@"^(?:Gemfile|gems\.rb|.+\.gemspec)$")]
    private static partial Regex Ruby();

    [GeneratedRegex(@"^(?:mix\.exs|rebar\.config|gleam\.toml)$")]
    private static partial Regex Elixir();

    [GeneratedRegex(@"^(?:Package\.swift|Podfile|Cartfile|.+\.podspec)$")]
    private static partial Regex Swift();

    [GeneratedRegex(@"^pubspec\.ya?ml$")]
    private static partial Regex Dart();

    [GeneratedRegex(@"^(?:CMakeLists\.txt|conanfile\.(?:py|txt)|vcpkg\.json|meson\.build|configure\.ac|MODULE\.bazel|WORKSPACE(?:\.bazel)?|build\.zig\.zon)$")]
    private static partial Regex Native();

    [GeneratedRegex(@"^(?:.+\.cabal|stack\.yaml|package\.yaml|dune-project|.+\.opam)$")]
    private static partial Regex Functional();

    [GeneratedRegex(@"^(?:build\.sbt|build\.sc|deps\.edn|project\.clj)$")]
    private static partial Regex Scala();

    [GeneratedRegex(@"^(?:packages\.config|paket\.dependencies|paket\.references|project\.json)$")]
    private static partial Regex Old();

    [GeneratedRegex(@"^(?:deno\.jsonc?|jsr\.json)$")]
    private static partial Regex Deno();

    [GeneratedRegex(@"^(?:cpanfile|Makefile\.PL|DESCRIPTION|Project\.toml|shard\.yml|.+\.nimble|dub\.json|elm\.json|rockspec|.+\.rockspec|flake\.nix|bower\.json)$")]
    private static partial Regex Other();
}
