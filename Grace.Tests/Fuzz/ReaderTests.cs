using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Deployments;
using Grace.Engine.Design;
using Grace.Engine.Failures;
using Grace.Engine.Knowledge;
using Grace.Engine.Learning;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Engine.Text;
using Grace.Engine.Tools;
using Grace.Engine.Workspaces.Parsers;

namespace Grace.Tests.Fuzz;

/// <summary>
/// Reading what strangers wrote ends in a value or in the refusal that its reader announces, within bounded time. For longer:
/// GRACE_FUZZ=100000 ./grace test Fuzz
/// </summary>
public class ReaderTests
{
    [Theory]
    [InlineData("any", "node-tap", "node-spec", "jest", "vitest", "mocha", "unittest", "pytest", "go-json", "go-plain", "cargo", "dotnet-test")]
    [InlineData("trx", "unit.trx", "integration.trx")]
    [InlineData("junit", "pytest-junit.xml", "node-junit.xml")]
    [InlineData("cobertura", "cobertura.xml")]
    public void What_runners_print(string reader, params string[] fixtures)
    {
        Action<string> read = reader switch
        {
            "any" => text => AnyOutput.Read(text),
            "trx" => text => TrxFile.Read(text),
            "junit" => text => JUnitFile.Read(text),
            _ => text => CoberturaFile.LinePercent([text]),
        };
        Reading.Survives(1, read, [], [.. fixtures.Select(name => Fixture(name))]);
    }

    [Fact]
    public void Playbooks()
    {
        var sources = new PlaybookSources([], "", new ToolBox([]));
        Reading.Survives(2, text =>
        {
            var (playbook, problems) = sources.Check(text, "x.yaml", PlaybookSource.Repository, []);
            (playbook is not null || problems.Count > 0).ShouldBeTrue("it is read or told");
            problems.ShouldAllBe(p => p.Line >= 1);
        }, [], [.. PlaybookLibrary.Shipped().All.Select(p => p.Text)]);
    }

    [Fact]
    public void Conditions() => Reading.Survives(3, text => Condition.Parse(text), [typeof(WrongCondition)], "${inputs.a} == 'b' and not (${c} in [1, two, '3'] || !${d})");

    [Fact]
    public void Known_issues() => Reading.Survives(4, text => KnownIssues.Read(text, "x.yaml"), [typeof(FormatException)], "- id: a\n  title: b\n  phases: [test]\n  match: \"(?<port>\\\\d+)\"\n  fix: c\n  backoff_seconds: 2\n  unless: [d]\n");

    [Fact]
    public void Remedies() => Reading.Survives(10, text => Remedy.In($"# A\n```remedy\n{text}\n```\n", "a.md"), [], "failure: PROTOCOL 7\nstep: fetch\nwith: { argv: [\"curl\", &a \"7\"], again: *a }\nattempts: 3\nbecause: since spring\n");

    [Fact]
    public void Foreign_json() => Reading.Survives(5, text => ForeignJson.Read(text)?.ToJsonString(), [typeof(JsonException)], """{"a": [1, -2.5e3, "x\u0041\n", {"b": null, "b": true}], "\ud83d\ude00": "\\u0000"}""");

    [Fact]
    public void Service_files() => Reading.Survives(6, text => ServiceFile.Read(text), [typeof(WrongServiceFile)], """{"service": "shop", "start": ["node", "main.js"], "build": ["cp", "-r", ".", "{release}"], "environment": {"A": "b"}, "health": "/up"}""");

    [Fact]
    public void Tasks() => Reading.Survives(7, text => ServiceDesigner.Derive(text), [typeof(TaskRefusedException)],
        "Build a bookmark service: Bookmark(title: string, url: url, tags: string[], price: decimal, at: datetime)", "Build user authentication for this repository");

    [Fact]
    public void Plans() => Reading.Survives(8, text => PlanReader.Read(ForeignJson.Read(text), []), [typeof(JsonException)],
        """{"task": "x", "phases": [{"phase": "research", "why": "y"}], "context": {"language": "python"}, "acceptance_criteria": [{"text": "a", "check": "b"}], "questions": []}""");

    [Fact]
    public void Markdown() => Reading.Survives(9, text => MarkdownPassages.Cut(text), [], "# A\n\ntext [a](b)\n\n```remedy\nfailure: x\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");

    [Fact]
    public async Task Manifests_of_a_repository()
    {
        var folder = Directory.CreateTempSubdirectory("grace-fuzz-");
        (string Name, string Text)[] files =
        [
            ("package.json", """{"name": "a", "version": "1.0.0", "dependencies": {"b": "^1"}, "workspaces": ["p/*"], "scripts": {"test": "node --test"}}"""),
            ("Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.1.0\"\n[dependencies]\nserde = { version = \"1\", features = [\"derive\"] }\n[workspace]\nmembers = [\"b\"]\n"),
            ("pyproject.toml", "[project]\nname = \"a\"\ndependencies = [\"requests>=2; python_version > '3'\"]\n[tool.poetry.dependencies]\npython = \"^3\"\n"),
            ("requirements.txt", "requests[security]>=2.0,<3 # why\n-r other.txt\ngit+https://example.org/x.git#egg=x\n"),
            ("go.mod", "module example.org/a\n\ngo 1.22\n\nrequire (\n\texample.org/b v1.2.3 // indirect\n)\nreplace example.org/b => ../b\n"),
            ("a.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup><PackageReference Include=\"A\" Version=\"1.0\" /></ItemGroup></Project>"),
            ("Directory.Packages.props", "<Project><ItemGroup><PackageVersion Include=\"A\" Version=\"1.0\" /></ItemGroup></Project>"),
            ("setup.cfg", "[metadata]\nlicense = MIT\n[options]\npython_requires = >=3.8\ninstall_requires =\n    a>=1\n    b; python_version < '3'\n[options.extras_require]\nc = d\n"),
            ("setup.py", "setup(install_requires=['a', \"b>=2\",  # why\n], extras_require={'d': ['e']}, python_requires='>=3')\n"),
            ("Pipfile", "[[source]]\nurl = \"https://x\"\n[packages]\nflask = {version = \"==3\", extras = [\"a\"]}\n[dev-packages.pytest]\nversion = \"*\"\n"),
            ("environment.yml", "name: x\ndependencies:\n  - python=3.11\n  - conda-forge::scipy=1.10\n  - pip:\n      - httpx==0.25\n"),
            ("pnpm-workspace.yaml", "packages:\n  - 'packages/{a,b}*'\n  - '!packages/**/x'\ncatalog:\n  b: ^1\ncatalogs:\n  old:\n    b: ^0\n"),
            ("composer.json", """{"require": {"php": ">=8", "a/b": "^1"}, "license": ["MIT", "GPL-3.0"]}"""),
            ("dev-requirements.txt", "-r requirements.txt\n-c constraints.txt\n-e ./x\na==1\n"),
            ("COPYING", "Licensed under either of Apache License, Version 2.0 or MIT license at your option. SPDX-License-Identifier: MIT"),
            ("LICENSE", "MIT License\n\nPermission is hereby granted"), ("README.md", "# A\n\nSays much.\n"),
        ];
        try
        {
            var texts = files.Select((file, i) => Mangled.Of(100 + i, file.Text).Take(Mangled.Rounds / 10).ToArray()).ToArray();
            for (var round = 0; round < texts[0].Length; round++)
            {
                for (var i = 0; i < files.Length; i++)
                    File.WriteAllText(Path.Combine(folder.FullName, files[i].Name), texts[i][round], new UTF8Encoding(false));
                await RepositoryAnalysis.ReadAsync(folder.FullName, cancel: CancellationToken.None);
            }
        }
        finally
        {
            folder.Delete(true);
        }
    }

    static string Fixture(string name, [CallerFilePath] string here = "") => File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../Workspaces/Fixtures", name + ".txt"));
}
