using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Provenance;
using Grace.Engine.Workspaces;
using Grace.Tests.Support;

namespace Grace.Tests.Provenance;

/// <summary>Two attempts with an override between them, with real commits: whose work is each line?</summary>
public class LineProvenanceTests
{
    static readonly string[] First = ["one", "two", "three", "four"];
    static readonly string[] Second = ["one", "two, again", "three", "four", "five"];

    static Task<TestGrace> StartAsync() => TestGrace.StartAsync(gate: async work =>
    {
        var (phase, attempt) = (work.Pipeline.Current!.Phase, work.Pipeline.Current.Attempt);
        if (phase == Phase.Implement)
        {
            await work.UsePlaybookAsync("quick", [], default);
            Directory.CreateDirectory(Path.Combine(work.Workspace, "src"));
            await File.WriteAllLinesAsync(Path.Combine(work.Workspace, "src", "größe.txt"), attempt == 1 ? First : Second);
            await File.WriteAllBytesAsync(Path.Combine(work.Workspace, "raw.bin"), [0, 255, 10, 13, 10]);
            var commit = await (await GitWorkspace.CreateEmptyAsync(work.Workspace, default)).CommitAsync($"Attempt {attempt}\n\nwith a body", default);
            work.AddArtifact("code", new JsonObject { ["commit"] = commit.Commit, ["tree"] = commit.Tree }, bundle: await WorkspaceBundle.MakeAsync(work.Workspace, default));
        }
        if (phase == Phase.Test && attempt == 1)
            throw new InvalidOperationException("It broke.");
    });

    static async Task<Pipeline> TwiceAsync(TestGrace grace)
    {
        var id = await grace.SubmitAsync(Phase.Design, Phase.Implement, Phase.Test);
        await grace.UntilAsync(id, PipelineStatus.WaitingForGuardian);
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Override(new() { ["style"] = "plain" }, "Too ornate."), new("ada"));
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Retry(Phase.Implement, "again"), new("ada"));
        return await grace.UntilAsync(id, PipelineStatus.Completed);
    }

    [Fact]
    public async Task Each_line_tells_its_phase_attempt_playbook_and_the_overrides_in_force()
    {
        await using var grace = await StartAsync();
        var done = await TwiceAsync(grace);
        var file = (await grace.Get<CodeProvenance>().OfAsync(done.Id, "src/größe.txt")).Files.ShouldHaveSingleItem();
        file.Lines.Select(l => (l.From, l.To, l.Origin!.Attempt, l.Origin.Overrides.Count, l.Summary)).ShouldBe(
            [(1, 1, 1, 0, "Attempt 1"), (2, 2, 2, 1, "Attempt 2"), (3, 4, 1, 0, "Attempt 1"), (5, 5, 2, 1, "Attempt 2")]);
        foreach (var line in file.Lines)
        {
            var made = done.Artifacts.Single(a => a.ArtifactId == line.Origin!.ArtifactId);
            (line.Origin!.Phase, line.Origin.Playbook, made.Attempt).ShouldBe((Phase.Implement, new PlaybookUsed("quick", 1), line.Origin.Attempt));
        }
        var change = file.Lines[1].Origin!.Overrides.Single();
        (change.Values.ToJsonString(), change.Reason, change.By).ShouldBe(("""{"style":"plain"}""", "Too ornate.", "ada"));
        file.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Second.Select(l => l + "\n"))))));
    }

    [Fact]
    public async Task The_same_is_told_from_the_artifacts_bundle_when_the_workspace_is_gone()
    {
        await using var grace = await StartAsync();
        var done = await TwiceAsync(grace);
        var before = await grace.Get<CodeProvenance>().OfAsync(done.Id);
        before.Files.Select(f => f.Path).ShouldBe(["raw.bin", "src/größe.txt"]);
        before.Files[0].Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData((byte[])[0, 255, 10, 13, 10])));
        Directory.Delete(grace.Data.Workspace(done.Id), true);
        var after = await grace.Get<CodeProvenance>().OfAsync(done.Id);
        after.Files.Select(f => (f.Path, f.Sha256, string.Join(' ', f.Lines.Select(l => $"{l.From}-{l.To}:{l.Commit}"))))
            .ShouldBe(before.Files.Select(f => (f.Path, f.Sha256, string.Join(' ', f.Lines.Select(l => $"{l.From}-{l.To}:{l.Commit}")))));
    }

    [Fact]
    public async Task A_commit_of_the_repository_that_was_there_before_has_no_origin_here()
    {
        await using var grace = await TestGrace.StartAsync(gate: async work =>
        {
            if (work.Pipeline.Current!.Phase != Phase.Implement)
                return;
            Directory.CreateDirectory(work.Workspace);
            var workspace = await GitWorkspace.CreateEmptyAsync(work.Workspace, default);
            await File.WriteAllLinesAsync(Path.Combine(work.Workspace, "a.txt"), First);
            await File.WriteAllLinesAsync(Path.Combine(work.Workspace, "untouched.txt"), First);
            await workspace.CommitAsync("Theirs", default, "Eve <eve@example.org>");
            await File.WriteAllLinesAsync(Path.Combine(work.Workspace, "a.txt"), Second);
            var commit = await workspace.CommitAsync("Ours", default);
            work.AddArtifact("code", new JsonObject { ["commit"] = commit.Commit, ["tree"] = commit.Tree });
        });
        var done = await grace.UntilAsync(await grace.SubmitAsync(Phase.Design, Phase.Implement), PipelineStatus.Completed);
        var report = await grace.Get<CodeProvenance>().OfAsync(done.Id);
        var file = report.Files.ShouldHaveSingleItem("only what the pipeline wrote is told of");
        file.Lines.Select(l => (l.From, l.To, l.Summary, l.Origin is null)).ShouldBe([(1, 1, "Theirs", true), (2, 2, "Ours", false), (3, 4, "Theirs", true), (5, 5, "Ours", false)]);
        (await grace.Get<CodeProvenance>().OfAsync(done.Id, "untouched.txt")).Files.Single().Lines.Single().Origin.ShouldBeNull();
    }

    [Fact]
    public async Task The_attestation_is_signed_names_commit_tree_and_files_and_lies_beside_the_commit()
    {
        await using var grace = await StartAsync();
        var done = await TwiceAsync(grace);
        var code = PipelineCode.Of(done, done.Artifacts.Where(PipelineCode.IsCode).DistinctBy(a => a.ContentHash)
            .ToDictionary(a => a.ContentHash, a => JsonNode.Parse(grace.Get<ContentShelf>().ReadAsync(a.ContentHash).Result)))!;
        var workspace = await GitWorkspace.OpenAsync(grace.Data.Workspace(done.Id), default);
        (await workspace.HeadAsync(default), await workspace.TreeHashAsync(default)).ShouldBe((code.Commit, code.Tree), "a note changes neither");

        var noted = JsonNode.Parse((await workspace.ReadNoteAsync(code.Commit, default))!)!;
        var exported = await grace.Get<Attestation>().OfAsync(done.Id);
        noted["payload"]!.ToString().ShouldBe(exported["payload"]!.ToString(), "the same log gives the same statement");
        foreach (var first in code.Origins.Keys)
            (await workspace.ReadNoteAsync(first, default)).ShouldNotBeNull();

        var payload = Convert.FromBase64String(exported["payload"]!.ToString());
        var key = grace.Get<SigningKey>();
        using var reader = ECDsa.Create();
        reader.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
        bool Holds(byte[] bytes) => reader.VerifyData(
            Envelope.Signed(exported["payloadType"]!.ToString(), bytes), Convert.FromBase64String(exported["signatures"]![0]!["sig"]!.ToString()), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Holds(payload).ShouldBeTrue();
        Holds([.. payload, 32]).ShouldBeFalse();
        exported["signatures"]![0]!["keyid"]!.ToString().ShouldBe(key.Id);

        var statement = JsonNode.Parse(payload)!;
        (statement["_type"]!.ToString(), statement["predicateType"]!.ToString()).ShouldBe((Statement.Type, Statement.PredicateType));
        statement["subject"]!.AsArray().Select(s => (s!["name"]!.ToString(), s["digest"]!.AsObject().Single().Key)).ShouldBe(
            [("commit", "gitCommit"), ("tree", "gitTree"), ("raw.bin", "sha256"), ("src/größe.txt", "sha256")]);
        statement["subject"]![0]!["digest"]!["gitCommit"]!.ToString().ShouldBe(code.Commit);
        var predicate = statement["predicate"]!;
        var spec = done.Artifacts.Single(a => a.ArtifactType == "design_spec");
        predicate["buildDefinition"]!["resolvedDependencies"]![0]!["digest"]!["sha256"]!.ToString().ShouldBe(spec.ContentHash["sha256:".Length..]);
        predicate["buildDefinition"]!["externalParameters"]!["overrides"]![0]!["reason"]!.ToString().ShouldBe("Too ornate.");
        predicate["runDetails"]!["metadata"]!["invocationId"]!.ToString().ShouldBe(done.Id);
        predicate["grace_origins"]!.AsArray().Select(o => o!["attempt"]!.GetValue<int>()).ShouldBe([1, 2]);
        predicate["grace_files"]![1]!["lines"]!.AsArray().Count.ShouldBe(4);
    }

    [Fact]
    public async Task Where_there_is_no_code_it_says_so()
    {
        await using var grace = await TestGrace.StartAsync();
        var done = await grace.UntilAsync(await grace.SubmitAsync(Phase.Research), PipelineStatus.Completed);
        (await Should.ThrowAsync<NoProvenance>(() => grace.Get<CodeProvenance>().OfAsync(done.Id))).Message.ShouldContain("no code");
        (await Should.ThrowAsync<NoProvenance>(() => grace.Get<Attestation>().OfAsync("pipeline_none"))).Message.ShouldContain("pipeline_none");
    }

    [Fact]
    public void Blame_is_read_with_a_commits_summary_wherever_it_was_told()
    {
        var (a, b) = (new string('a', 40), new string('b', 40));
        Blame.Read($"{a} 1 1 1\nauthor Ada\nsummary First work\nboundary\nfilename f\n\tone\n{b} 7 2 2\nsummary Second\nfilename f\n\t{a} 9 9 1\n{b} 8 3\n\tthree\n{a} 2 4 1\n\tfour\n")
            .ShouldBe([new(1, 1, a, "First work"), new(2, 3, b, "Second"), new(4, 4, a, "First work")]);
        Blame.Read("").ShouldBeEmpty();
    }
}
