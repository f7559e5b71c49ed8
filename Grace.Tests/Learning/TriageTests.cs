using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grace.Engine.Failures;
using Grace.Engine.Learning;
using Grace.Engine.Log;

namespace Grace.Tests.Learning;

public class TriageTests
{
    static readonly DateTimeOffset Noon = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    static FailureSighting Seen(string message, string pipeline = "pipeline_1", string phase = "test", int minute = 0) =>
        new("playbook.failed", pipeline, phase, "run-tests", 3, "run_tests", message, Noon.AddMinutes(minute));

    static TriageState All(IEnumerable<FailureSighting> sightings) => sightings.Aggregate(TriageState.Empty, (state, s) => state.Add(s).State);

    static string Json(TriageState state) => JsonSerializer.Serialize(state.Clusters.Values, Wire.Json);

    [Fact]
    public void Given_the_same_failure_elsewhere_when_added_then_one_cluster_counts_both()
    {
        var first = TriageState.Empty.Add(Seen("/srv/a/Order.cs(3,9): error CS0246: The type or namespace name 'Foo' could not be found"));
        var again = first.State.Add(Seen("src/x/Note.cs(18,2): error CS0246: The type or namespace name 'IMediator' could not be found", "pipeline_2", "implement", 5));

        (first.IsNew, again.IsNew).ShouldBe((true, false));
        again.ClusterId.ShouldBe(first.ClusterId);
        var cluster = again.State.Clusters[first.ClusterId];
        cluster.Count.ShouldBe(2);
        cluster.Pipelines.Count().ShouldBe(2);
        cluster.Phases.Select(p => p.Name).ShouldBe(["implement", "test"]);
        cluster.Playbooks.ShouldHaveSingleItem().ShouldBe(new Tally("run-tests@3", 2));
        (cluster.First, cluster.Last).ShouldBe((Noon, Noon.AddMinutes(5)));
        cluster.Recent.Select(r => r.PipelineId).ShouldBe(["pipeline_2", "pipeline_1"]);
    }

    [Theory]
    [InlineData("a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.", "a.ts(1,7): error TS2345: Argument of type 'string' is not assignable to parameter of type 'number'.")]
    [InlineData("Error: Cannot find module './routes'", "Error: Cannot find module 'express'")]
    [InlineData("AttributeError: 'NoneType' object has no attribute 'name'", "AttributeError: 'User' object has no attribute 'name'")]
    [InlineData("error NU1301: Unable to load the service index. Response status code does not indicate success: 401 (Unauthorized).", "error NU1301: Unable to load the service index. Response status code does not indicate success: 503 (Service Unavailable).")]
    [InlineData("Assert.Equal() Failure: Values differ", "Assert.Empty() Failure: Collection was not empty")]
    [InlineData("npm error code E404\nnpm error 404 Not Found - GET https://a.example/x", "npm error code E401\nnpm error Incorrect or missing password.")]
    [InlineData("KeyError: 'price'", "IndexError: list index out of range")]
    public void Given_failures_that_need_different_fixes_when_added_then_two_clusters_hold_them(string one, string other) =>
        All([Seen(one), Seen(other)]).Clusters.Count.ShouldBe(2);

    [Fact]
    public void Given_one_cause_from_several_tools_when_added_then_they_meet() =>
        All([
            Seen("Error: listen EADDRINUSE: address already in use :::5080"),
            Seen("System.IO.IOException: Failed to bind to address http://127.0.0.1:5010: address already in use."),
            Seen("OSError: [Errno 98] Address already in use"),
            Seen("Bind for 0.0.0.0:8080 failed: port is already allocated"),
        ]).Clusters.ShouldHaveSingleItem().Value.Count.ShouldBe(4);

    [Fact]
    public void Given_a_long_output_then_the_title_is_the_line_that_tells()
    {
        var noise = string.Join('\n', Enumerable.Range(0, 5000).Select(i => $"  Restored /srv/p{i}.csproj (in {i} ms)."));
        var signature = FailureSignature.Of($"{noise}\nA.cs(1,1): warning CS8618: not error\nB.cs(2,3): error CS0103: The name 'x' does not exist\nBuild FAILED.\n    1 Error(s)");
        (signature.Anchor, signature.Title).ShouldBe(("CS0103", "<path>: error CS0103: The name '<name>' does not exist"));
    }

    [Fact]
    public void Given_messages_without_a_word_when_added_then_each_is_unknown_and_alone() =>
        All([Seen(""), Seen("   \n"), Seen("\u001b[0m"), Seen("17"), Seen("***")]).Clusters.Count.ShouldBe(5);

    [Fact]
    public void Given_the_same_signs_again_when_added_then_they_meet() => All([Seen("*** 17"), Seen("***  17\n")]).Clusters.ShouldHaveSingleItem();

    [Fact]
    public void Given_failures_in_very_many_pipelines_then_a_cluster_stays_small_and_counts_on()
    {
        var cluster = All(Enumerable.Range(0, 3000).Select(i => Seen($"KeyError: 'k{i}'", $"pipeline_{i}", $"phase{i}", i))).Clusters.ShouldHaveSingleItem().Value;
        cluster.Count.ShouldBe(3000);
        cluster.Recent.Count.ShouldBe(Cluster.MostRecent);
        cluster.Recent[0].PipelineId.ShouldBe("pipeline_2999");
        cluster.Phases.Sum(p => p.Count).ShouldBe(3000);
        cluster.Phases.Count.ShouldBeLessThanOrEqualTo(Tally.MostNames + 1);
        cluster.Pipelines.Count().ShouldBeInRange(2400, 3600);
        JsonSerializer.Serialize(cluster, Wire.Json).Length.ShouldBeLessThan(30_000);
    }

    [Property(MaxTest = 40)]
    public Property The_same_failures_in_the_same_order_give_the_same_state() =>
        Prop.ForAll(Messages.Sightings, sightings => Json(All(sightings)).ShouldBe(Json(All(sightings))));

    [Property(MaxTest = 40)]
    public Property No_failure_is_lost() => Prop.ForAll(Messages.Sightings, sightings =>
    {
        var state = All(sightings);
        state.Clusters.Values.Sum(c => c.Count).ShouldBe(sightings.Length);
        state.Clusters.Values.ShouldAllBe(c => c.Kinds.Sum(k => k.Count) == c.Count && c.Id == Cluster.IdOf(c.Signature));
    });

    [Property(MaxTest = 40)]
    public Property A_state_that_was_stored_and_read_again_goes_on_as_if_it_had_not_been() => Prop.ForAll(Messages.Sightings, sightings =>
    {
        var half = sightings.Length / 2;
        var state = All(sightings.Take(half));
        var rows = state.Clusters.Values.Select(c => JsonSerializer.Serialize(c, Wire.Json));
        var read = TriageState.Of(rows.Select(row => JsonSerializer.Deserialize<Cluster>(row, Wire.Json)!));
        Json(read).ShouldBe(Json(state));
        Json(sightings.Skip(half).Aggregate(read, (s, x) => s.Add(x).State)).ShouldBe(Json(All(sightings)));
    });

    [Property(MaxTest = 300)]
    public Property Failures_that_are_alike_have_a_key_in_common() => Prop.ForAll(Messages.Any, Messages.Any, (one, other) =>
    {
        var (a, b) = (FailureSignature.Of(one), FailureSignature.Of(other));
        if (a.IsLike(b))
            a.Keys.Intersect(b.Keys).ShouldNotBeEmpty();
        a.Keys.Count.ShouldBeInRange(a.Title.Length == 0 ? 0 : 1, FailureSignature.MostKeys);
        a.IsLike(a).ShouldBe(a.Keys.Count > 0, "what says nothing is like nothing");
    });

    [Fact]
    public void Given_the_labelled_failures_those_that_are_alike_have_a_key_in_common()
    {
        var signatures = LabelledFailures.All.Select(f => FailureSignature.Of(f.Message)).ToList();
        foreach (var a in signatures)
            foreach (var b in signatures.Where(a.IsLike))
                a.Keys.Intersect(b.Keys).ShouldNotBeEmpty();
    }

    [Fact]
    public void Given_a_cluster_as_it_was_stored_under_earlier_rules_when_renewed_then_its_failure_is_found_again()
    {
        const string Stored = """
            {"id":"fc_0123456789abcdef","signature":{"title":"Error: connect ECONNREFUSED <host>","anchor":"connection-refused","words":[],"keys":["=0123456789abcdef"]},
            "sample":"Error: connect ECONNREFUSED 127.0.0.1:5432","count":3,"first":"2025-03-01T12:00:00+00:00","last":"2025-03-01T12:00:00+00:00","pipelines":{"smallest":[1]},
            "kinds":[{"name":"playbook.failed","count":3}],"phases":[],"playbooks":[],"tools":[],"recent":[]}
            """;
        var old = JsonSerializer.Deserialize<Cluster>(Stored, Wire.Json)!;
        TriageState.Of([old]).Add(Seen("Error: connect ECONNREFUSED 10.0.0.4:5432")).IsNew.ShouldBeTrue();
        var known = TriageState.Of([RenewedClusters.Of(old)]).Add(Seen("Error: connect ECONNREFUSED 10.0.0.4:5432"));
        (known.IsNew, known.ClusterId, known.State.Clusters[old.Id].Count).ShouldBe((false, old.Id, 4));
    }

    /// <summary>Thousands of failures in words only, most unlike any other although each shares words with many.</summary>
    [Fact]
    public void The_work_of_an_addition_does_not_grow_with_history()
    {
        var (state, compared) = (TriageState.Empty, new List<int>());
        for (var i = 0; i < 4000; i++)
        {
            var added = state.Add(Seen(Unlike(i), $"pipeline_{i % 500}", minute: i));
            state = added.State;
            compared.Add(added.Compared);
        }
        state.Clusters.Count.ShouldBeGreaterThan(2000);
        compared.Max().ShouldBe(Triage.MostCandidates, "the bound is reached, and kept");
        state.Clusters.Values.Sum(c => c.Count).ShouldBe(4000);
        for (var i = 0; i < 4000; i += 100)
            state.Add(Seen(Unlike(i))).IsNew.ShouldBeFalse("what was seen before is found, however full the index is");
    }

    /// <summary>Eight of 216 words, chosen by the number alone.</summary>
    static string Unlike(int number)
    {
        var chance = (uint)number * 2654435761u;
        string Word()
        {
            chance = chance * 1664525u + 1013904223u;
            var n = (int)(chance >> 8) % 216;
            return $"{"bdfgkl"[n % 6]}a{"mnprst"[n / 6 % 6]}o{"vwxzcj"[n / 36]}it";
        }
        return $"cannot {string.Join(' ', Enumerable.Range(0, 8).Select(_ => Word()))}";
    }
}
