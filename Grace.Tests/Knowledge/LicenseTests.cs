using System.Text.Json.Nodes;
using Grace.Engine.Knowledge;
using Grace.Engine.Knowledge.Repositories;

namespace Grace.Tests.Knowledge;

/// <summary>A license is told as what it is, with what was added, or as unknown; never as another.</summary>
public sealed class LicenseTests : IDisposable
{
    private const string Mit = """
        Copyright (c) 2024 Ada

        Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal
        in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
        copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

        The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.
        EXTRA
        THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
        FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
        LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
        THE SOFTWARE.
        """;

    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "MIT")]
    [InlineData("The Software shall be used for Good, not Evil.", "JSON")]
    [InlineData("You may not run it on Fridays, nor sell it, nor give it to anybody who would, without asking its author first in writing and paying a fee that both agree on beforehand.", "MIT with other terms")]
    [InlineData("The Software may be used for noncommercial purposes only.", "MIT with other terms")]
    [InlineData("Except as contained in this notice, the name of Ada shall not be used in advertising or otherwise to promote the sale of this Software.", "X11")]
    [InlineData("This is subject to the Commons Clause License Condition v1.0.", "MIT with the Commons Clause")]
    public void What_is_added_to_a_short_license_is_not_passed_over(string extra, string told) => LicenseText.Name(Mit.Replace("EXTRA", extra)).ShouldBe(told);

    [Theory]
    [InlineData("Licensed under either of\n\n * Apache License, Version 2.0 (LICENSE-APACHE)\n * MIT license (LICENSE-MIT)\n\nat your option.", "MIT OR Apache-2.0")]
    [InlineData("This project is licensed under the MIT License.", "MIT")]
    [InlineData("Apache License, Version 2.0 or the MIT license, at your choice.", "MIT OR Apache-2.0")]
    [InlineData("It is free software under the terms of the GNU General Public License, either version 3 of the License, or (at your option) any later version.", "GPL-3.0-or-later")]
    [InlineData("Business Source License 1.1\n\nLicensor: Ada\nChange License: Apache License, Version 2.0", "BUSL-1.1")]
    [InlineData("Elastic License 2.0\n\n## Acceptance\n\nBy using the software, you agree", "Elastic-2.0")]
    [InlineData("Server Side Public License\nVERSION 1, OCTOBER 16, 2018", "SSPL-1.0")]
    [InlineData("CC0 1.0 Universal\n\nStatement of Purpose", "CC0-1.0")]
    [InlineData("Creative Commons Attribution-NonCommercial 4.0 International", "CC-BY-NC-4.0")]
    [InlineData("Apache License\nVersion 2.0, January 2004\n\n... Exceptions\n\n---- LLVM Exceptions to the Apache 2.0 License ----", "Apache-2.0 with an exception")]
    [InlineData("All rights reserved. Permission to look at it is granted to whoever pays.", null)]
    [InlineData("", null)]
    public void Titles_and_notices_are_told_as_what_they_are(string text, string? told)
    {
        var name = LicenseText.Name(text);
        if (told == "BUSL-1.1") name!.ShouldContain(told);
        else name.ShouldBe(told);
    }

    [Theory]
    [InlineData("Copyright 2024 Ada\n\nRedistribution and use in source and binary forms, with or without modification, are permitted. Neither the name of Ada may be used to endorse or promote products.", "BSD-3-Clause")]
    [InlineData("Redistribution and use in source and binary forms, with or without modification, are permitted. All advertising materials mentioning features of it must say so. endorse or promote products", "BSD-4-Clause")]
    [InlineData("Redistribution and use in source and binary forms. Redistributions in binary form must reproduce this.", "BSD-2-Clause")]
    [InlineData("This is free and unencumbered software released into the public domain.", "Unlicense")]
    [InlineData("GNU LESSER GENERAL PUBLIC LICENSE\nVersion 2.1, February 1999", "LGPL-2.1")]
    [InlineData("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3, 19 November 2007\n\nsection 13: the GNU General Public License, Version 3", "AGPL-3.0")]
    public void Look_alikes_are_told_apart(string text, string told) => LicenseText.Name(text)!.ShouldStartWith(told);

    [Fact]
    public async Task Every_place_is_told_and_a_contradiction_is_a_finding()
    {
        folder.Write("LICENCE.md", Mit.Replace("EXTRA", ""));
        folder.Write("package.json", """{"license": "Apache-2.0"}""");
        folder.Write("a.js", "// SPDX-License-Identifier: GPL-2.0-only\nlet a = 1;\n");
        folder.Write("b.py", "# Copyright\n# SPDX-License-Identifier: MIT\n");
        folder.Write("license.js", "module.exports = 1;\n");
        var found = await RepositoryAnalysis.ReadAsync(folder.Root);
        found.Licenses.ShouldBe([new("LICENCE.md", "MIT"), new("package.json", "Apache-2.0"), new("a.js", "GPL-2.0-only")]);
        var told = found.Licenses.Select(l => new JsonObject { ["path"] = l.Path, ["spdx"] = l.Spdx });
        LicenseClaims.Difference(told).ShouldBe("The license is told in more than one way: LICENCE.md says MIT, package.json says Apache-2.0, a.js says GPL-2.0-only.");
    }

    [Theory]
    [InlineData("LICENSE-MIT=MIT LICENSE-APACHE=Apache-2.0 Cargo.toml=MIT\u00a0OR\u00a0Apache-2.0", true)]
    [InlineData("COPYING=GPL-3.0 pyproject.toml=GPL-3.0-or-later", true)]
    [InlineData("LICENSE=MIT package.json=ISC", false)]
    [InlineData("LICENSE=MIT\u00a0with\u00a0other\u00a0terms package.json=MIT", false)]
    [InlineData("package.json=UNLICENSED", true)]
    public void Several_to_choose_from_are_no_contradiction(string told, bool agrees) =>
        (LicenseClaims.Difference(told.Split(' ').Select(t => t.Split('=')).Select(t => new JsonObject { ["path"] = t[0], ["spdx"] = t[1].Replace('\u00a0', ' ') })) is null).ShouldBe(agrees);

    [Theory]
    [InlineData("LICENSE"), InlineData("LICENCE"), InlineData("COPYING"), InlineData("LICENSE-MIT"), InlineData("MIT-LICENSE.txt"), InlineData("license.md"), InlineData("UNLICENSE"), InlineData("COPYRIGHT"), InlineData("LICENSES/MIT.txt")]
    public async Task License_files_have_many_names(string name)
    {
        folder.Write(name, Mit.Replace("EXTRA", ""));
        (await RepositoryAnalysis.ReadAsync(folder.Root)).Licenses.ShouldBe([new(name, "MIT")]);
    }
}
