using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grace.Engine.Design;

namespace Grace.Tests.Design;

/// <summary>Where a task does not clearly ask for records to be kept, a person says first whether just that is wanted.</summary>
public sealed class TaskQuestionTests
{
    [Theory]
    [InlineData("Build Kubernetes autoscaler")]
    [InlineData("Write a compiler")]
    [InlineData("Fix the login bug")]
    [InlineData("Build a chess game")]
    [InlineData("Deploy my website")]
    [InlineData("Build user authentication for this repository")]
    [InlineData("Create a mobile app")]
    [InlineData("Build a load balancer")]
    [InlineData("Migrate the database to PostgreSQL")]
    [InlineData("Refactor the bookmark service")]
    [InlineData("Build an OAuth service")]
    [InlineData("Build a payment service")]
    [InlineData("Build a translation service")]
    [InlineData("Build an API gateway")]
    [InlineData("Build a weather API")]
    [InlineData("Build a face detection API")]
    [InlineData("Build a currency converter API")]
    [InlineData("Build a DNS service")]
    [InlineData("Build a sentiment analysis API")]
    [InlineData("Build a rate limiter service")]
    [InlineData("Write a REST API for translating text")]
    [InlineData("Build a service that sends e-mails")]
    [InlineData("Baue einen Compiler")]
    [InlineData("日本語のサービス")]
    public void A_task_that_asks_for_something_else_is_asked_about(string task)
    {
        var question = TaskQuestion.Of(task, null)!;
        var resource = TaskReader.Read(task).Resources[0].Name;
        question.Risk.ShouldContain($"only a data service would come, keeping {resource}(name, description)");
        question.Text.ShouldContain("Is that what you want?");
        question.Remedy.ShouldContain("resources");
    }

    [Theory]
    [InlineData("Build a bookmark service: Bookmark(title: string)")]
    [InlineData("Build a login service: Login(name: string)")]
    [InlineData("Build a bookmark service")]
    [InlineData("Please build a small recipe API")]
    [InlineData("Write a REST API for books")]
    [InlineData("Write an API for books with fields title and author")]
    [InlineData("Create a service for managing invoices")]
    [InlineData("A service that stores bookmarks")]
    [InlineData("Track notes (for example: about cats)")]
    [InlineData("Build a CRUD app for customers")]
    [InlineData("Build a reservation service")]
    [InlineData("Build a stock inventory service")]
    [InlineData("A service that stores weather reports")]
    [InlineData("I need a service for my plants")]
    [InlineData("Build a bookmark service in Python with FastAPI and PostgreSQL")]
    public void A_task_that_names_its_data_is_not(string task) => TaskQuestion.Of(task, null).ShouldBeNull();

    [Theory]
    [InlineData("Build it")]
    [InlineData("Build x")]
    [InlineData("Look around")]
    [InlineData("Build another thing")]
    [InlineData("Build an API")]
    [InlineData("Test the generated code, 17 times")]
    public void A_task_that_names_nothing_is_not_asked_about(string task) => TaskQuestion.Of(task, null).ShouldBeNull();

    [Theory]
    [InlineData("Build a bookmark service with a title, a url and tags", "with a title, a url and tags")]
    [InlineData("Build an API for books with title and author", "with title and author")]
    [InlineData("Build a note service: Note(text: text) and Author (name, email)", "Author (name, email)")]
    [InlineData("Build a note service. Bookmark (title, url)", "Bookmark (title, url)")]
    [InlineData("Build a note service: Bookmark()", "Bookmark()")]
    public void What_may_be_meant_as_data_is_shown(string task, string part) => TaskQuestion.Of(task, null)!.Risk.ShouldContain($"'{part}', which is not taken as data");

    [Theory]
    [InlineData("""{"resources": "Note(text: text)"}""", false)]
    [InlineData("""{"database": "postgresql"}""", false)]
    [InlineData("""{"framework": "fastapi"}""", false)]
    [InlineData("""{"language": "python"}""", true)]
    public void A_context_that_says_what_is_kept_or_how_answers_it(string context, bool asks) =>
        (TaskQuestion.Of("Build user authentication system", JsonNode.Parse(context)!.AsObject()) is not null).ShouldBe(asks);

    [Property(MaxTest = 2000)]
    public Property A_declaration_that_is_miswritten_is_read_or_refused_or_asked_about_and_never_passed_over() => Prop.ForAll(Miswritten(), task =>
    {
        try
        {
            return TaskReader.Read(task).IsDeclared || TaskQuestion.Of(task, null) is not null;
        }
        catch (TaskRefusedException)
        {
            return true;
        }
    });

    [Property(MaxTest = 300)]
    public Property Signs_that_nobody_sees_change_nothing() => Prop.ForAll(Tasks.Declared(), ArbMap.Default.ArbFor<int>(), Gen.Elements("\u00ad", "\u200b", "\u2060", "\ufeff", "\u034f", "\u3164", "\ufe0f", "\udb40\udc41").ToArbitrary(), (task, place, sign) =>
    {
        var mangled = task.Insert((int)((uint)place % (uint)(task.Length + 1)), sign);
        ServiceDesigner.Derive(mangled).Resources.Select(r => string.Join(',', r.Fields)).ShouldBe(ServiceDesigner.Derive(task).Resources.Select(r => string.Join(',', r.Fields)));
    });

    /// <summary>One sign left out, put in or exchanged, in a task whose words alone ask for a data service.</summary>
    static Arbitrary<string> Miswritten() =>
        (from task in Tasks.Declared().Generator
         let declared = task["Build ".Length..]
         from place in Gen.Choose(0, declared.Length - 1)
         from sign in Gen.Elements("", " ", ":", ";", ",", "(", ")", "[", "{", "<", "|", "=", "->", "→", "：", "（", "\n", "-", ".", "/", "'", "é", "і", "\u00a0", "\u2028")
         from cut in Gen.Choose(0, 1)
         select $"Build a bookmark service: {declared.Remove(place, cut).Insert(place, sign)}").ToArbitrary();

    [Property(MaxTest = 200)]
    public Property What_is_declared_is_never_asked_about() => Prop.ForAll(Tasks.Declared(), task => TaskQuestion.Of(task, null) is null);
}
