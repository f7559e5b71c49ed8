using Grace.Engine;
using Grace.Web.Cli;
using Microsoft.Extensions.Configuration;

namespace Grace.Tests.Run;

public class SettingNamesTests
{
    [Theory]
    [InlineData("Grace:Orchestrator:MaxConcurrentPipelines")]
    [InlineData("grace:orchestrator:autorecover")]
    [InlineData("Grace:Knowledge:Folders:0")]
    [InlineData("Grace:Deploy:Environments:staging:NeedsApproval")]
    [InlineData("Grace:Models:BaseUrl")]
    [InlineData("Serilog:MinimumLevel")]
    public void What_is_a_setting_passes(string key) => Unknown(key).ShouldBeEmpty();

    [Theory]
    [InlineData("Grace:Orchestrator:MaxConcurentPipelines", "Grace:Orchestrator:MaxConcurentPipelines is no setting; in Grace:Orchestrator there are AutoRecover, MaxConcurrentPipelines, ")]
    [InlineData("Grace:Orchestra:AutoRecover", "Grace:Orchestra is no setting; in Grace there are Access, ")]
    [InlineData("Grace:Deploy:Environments:staging:NeedApproval", "Grace:Deploy:Environments:staging:NeedApproval is no setting; in ")]
    public void A_misspelt_one_is_named_with_those_that_are_and_without_its_value(string key, string message)
    {
        Unknown(key).ShouldHaveSingleItem().ShouldStartWith(message);
        Unknown(key).Single().ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("Grace:Worker:Queues", "default, builders", "Grace:Worker:Queues:0=default Grace:Worker:Queues:1=builders")]
    [InlineData("Grace:Knowledge:Folders", "/a", "Grace:Knowledge:Folders:0=/a")]
    [InlineData("Grace:Worker:Queues:0", "a,b", "")]
    [InlineData("Grace:Data", "a,b", "")]
    public void A_list_may_be_one_text_with_commas(string key, string value, string items) =>
        string.Join(' ', SettingNames.Lists(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build().GetSection("Grace"), typeof(GraceOptions)).Select(p => $"{p.Key}={p.Value}")).ShouldBe(items);

    static List<string> Unknown(string key) =>
        [.. SettingNames.Unknown(new ConfigurationBuilder().AddInMemoryCollection([new(key, "secret")]).Build().GetSection("Grace"), typeof(GraceOptions))];
}
