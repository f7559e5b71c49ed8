using System.Text;
using Grace.Engine.Design;
using Grace.Engine.Knowledge.Repositories;
using Grace.Engine.Text;

namespace Grace.Tests.Fuzz;

/// <summary>What research and a team's templates read, each reader by itself.</summary>
public class ResearchTests
{
    static readonly SourceFile File = new("a/b.txt", 1);

    [Fact]
    public void Yaml() => Reading.Survives(40, text => ForeignYaml.Read(text)?.ToJsonString(), [typeof(FormatException)], "a: [1, &x {b: *x}, null]\nc:\n  - d: |\n      e\n? {f: g}\n: h\n---\ni: j\n");

    [Fact]
    public void Licenses() => Reading.Survives(41, text => (LicenseText.Name(text), LicenseText.Identifier(text)).ToString(), [],
        "Copyright (c) 2024\n\nPermission is hereby granted, free of charge, to any person. The above copyright notice and this permission notice shall be included", "GNU GENERAL PUBLIC LICENSE\nVersion 3",
        "// SPDX-License-Identifier: MIT OR Apache-2.0 */", "Licensed under either of Apache License, Version 2.0 or MIT license at your option");

    [Fact]
    public void Programs_and_ini_files()
    {
        Reading.Survives(42, text => PythonSetup.Literals(File, text, out _), [], "setup(install_requires=['a', \"b>=2\",  # why\n], tests_require=(\n'c'\n), extras_require={})");
        Reading.Survives(43, text => PythonSetup.Dependencies(File, IniFile.Read(text)).ToList(), [], "[options]\ninstall_requires =\n  a\n  b>=1 ; x\n# c\n[options.extras_require]\nd: e\n");
        Reading.Survives(44, text => PythonProject.Dependencies(File, Toml.Read(text)).Concat(PythonSetup.Pipfile(File, Toml.Read(text))).Concat(CargoPackage.Dependencies(File, Toml.Read(text), _ => null)).ToList(), [],
            "[tool.poetry.dependencies.a]\nversion = \"^1\"\n[packages]\nb = {version = \"1\", c = [\"d\"]}\n[workspace.dependencies]\ne.workspace = true\n");
    }

    [Fact]
    public void Workspaces() => Reading.Survives(45, text => new NodeWorkspace(".", [text]).Has("packages/a/b"), [], "packages/{a,b}/**", "./packages/*", "!**/x?[a-z]");

    [Fact]
    public void Git_output() => Reading.Survives(46, text => GitReader.History(text), [], "abc\u001f2026-01-01T00:00:00Z\u001fAda\u001fSubject\u001e\ndef\u001fx\u001fy\u001fz\u001e");

    [Fact]
    public void Bytes()
    {
        var random = new Random(47);
        for (var round = 0; round < Mangled.Rounds; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (round % 3 == 0) bytes = [.. new byte[][] { [0xFF, 0xFE], [0xFE, 0xFF], [0xFF, 0xFE, 0, 0], [0xEF, 0xBB, 0xBF] }[random.Next(4)], .. bytes];
            var text = FileText.Of(bytes, out var why);
            (text is not null || why is not null).ShouldBeTrue("it is read or told");
            Storable.Objection(CleanText.Of(text ?? "")).ShouldBeNull();
        }
    }

    [Fact]
    public void Template_manifests() => Templates(48, text => (text, "{{name}}"), """
        language: python
        frameworks: [own]
        needs: [{ command: [sh, -c, x], remedy: y }]
        words: { on: own }
        types: { string: {}, text: {}, integer: {}, long: {}, number: {}, boolean: {}, date: {}, datetime: {}, uri: {}, email: {}, uuid: {}, choice: {} }
        files: [{ template: a.hbs, path: "{{name}}.txt" }, { template: a.hbs, path: "{{name}}/x", each: resource }]
        """);

    [Fact]
    public void Template_texts() => Templates(49, text => (Manifest, text),
        "{{#each resources}}{{name}}: {{#each fields}}{{#if required}}{{json name}}{{else}}{{> part}}{{/if}}{{/each}}{{/each}}\n{{!-- c --}}{{{name}}} {{words.on}}");

    const string Manifest = "language: python\ntypes: { string: {}, text: {}, integer: {}, long: {}, number: {}, boolean: {}, date: {}, datetime: {}, uri: {}, email: {}, uuid: {}, choice: {} }\nfiles: [{ template: a.hbs, path: a.txt }]\n";

    static void Templates(int seed, Func<string, (string Manifest, string Text)> files, params string[] seeds)
    {
        var design = ServiceDesigner.Derive("Note(text: text, done: bool?)");
        Reading.Survives(seed, text =>
        {
            var (manifest, template) = files(text);
            var folder = new TemplateFolder(
                new("python-own-service", "own", new Dictionary<string, string> { ["manifest.yaml"] = manifest, ["a.hbs"] = template, ["_part.hbs"] = template }), _ => null);
            folder.Check();
            foreach (var file in folder.Manifest.Files)
                folder.Render(file, TemplateModel.Of(design, folder.Manifest));
        }, [typeof(BrokenTemplates)], seeds);
    }
}
