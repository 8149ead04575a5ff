using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Tests.Anthropic;

public class AnthropicRequestReaderTests
{
    [Fact]
    public void A_system_text_is_one_part_and_blocks_are_one_each()
    {
        Assert.Equal("be brief", Assert.Single(AnthropicPlay.ReadWith("\"system\":\"be brief\"").System).Text.Decode());
        var system = AnthropicPlay.ReadWith("""
            "system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}},{"type":"text","text":"b"}]
            """).System;
        Assert.Equal(["a", "b"], system.Select(part => part.Text.Decode()));
        Assert.Equal("""{"type":"ephemeral","ttl":"1h"}""", system[0].CacheControl.ToString());
        Assert.False(system[1].CacheControl.IsPresent);
    }

    [Fact]
    public void The_small_fields_are_read()
    {
        var request = AnthropicPlay.ReadWith("""
            "stream":true,"temperature":0.5,"top_p":0.9,"top_k":40,"stop_sequences":["a","\n"],"metadata":{"user_id":"u-1"},"service_tier":null
            """);
        Assert.True(request.Stream);
        Assert.Equal(new Sampling { Temperature = 0.5, TopP = 0.9, TopK = 40 }, request.Sampling);
        Assert.Equal(["a", "\\n"], request.StopSequences.Select(stop => stop.ToString()));
        Assert.Equal("u-1", request.User.Decode());
        Assert.Equal(9, request.MaxOutputTokens);
        Assert.Empty(request.Foreign);
    }

    [Theory]
    [InlineData("""{"max_tokens":9,"messages":[{"role":"user","content":"x"}]}""", "model: Field required")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}]}""", "max_tokens: Field required")]
    [InlineData("""{"model":"m","max_tokens":-1,"messages":[{"role":"user","content":"x"}]}""", "max_tokens: Input should be greater than or equal to 0")]
    [InlineData("""{"model":"m","max_tokens":"9","messages":[{"role":"user","content":"x"}]}""", "max_tokens: Input should be a valid integer")]
    [InlineData("""{"model":"m","max_tokens":9}""", "messages: Field required")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[]}""", "messages: at least one message is required")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":{}}""", "messages: Input should be a list")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[1]}""", "messages.0: Input should be an object")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"tool","content":"x"}]}""", "messages.0.role: Input should be 'user', 'assistant' or 'system'")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"user","content":[{"type":"text"}]}]}""", "messages.1.content.0.text: Field required")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":5}]}]}""", "messages.0.content.0.text: Input should be a string")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png"}}]}]}""", "messages.0.content.0.source.data: Field required")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"ftp"}}]}]}""", "messages.0.content.0.source.type: Input should be 'base64', 'content', 'file', 'text' or 'url'")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":"{}"}]}]}""", "messages.0.content.0.input: Input should be an object")]
    public void A_bad_field_is_refused_by_its_path(string json, string message)
    {
        var rejected = Assert.Throws<RequestRejectedException>(() => AnthropicPlay.ReadRequest(json));
        Assert.Equal(message, rejected.Message);
        Assert.Equal(ErrorKind.Invalid, rejected.Rejection.Kind);
        Assert.Equal(message.Split(':')[0], rejected.Rejection.Param);
    }

    [Theory]
    [InlineData("\"stream\":1", "stream")]
    [InlineData("\"temperature\":\"hot\"", "temperature")]
    [InlineData("\"stop_sequences\":\"x\"", "stop_sequences")]
    [InlineData("\"stop_sequences\":[1]", "stop_sequences.0")]
    [InlineData("\"system\":[{\"type\":\"image\"}]", "system.0.type")]
    [InlineData("\"tools\":[{\"name\":\"f\"}]", "tools.0.input_schema")]
    [InlineData("\"tools\":[{\"input_schema\":{}}]", "tools.0.name")]
    [InlineData("\"tool_choice\":{\"type\":\"some\"}", "tool_choice.type")]
    [InlineData("\"tool_choice\":{\"type\":\"tool\"}", "tool_choice.name")]
    [InlineData("\"thinking\":{\"type\":\"enabled\"}", "thinking.budget_tokens")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":0}", "thinking.budget_tokens")]
    [InlineData("\"thinking\":{\"type\":\"deep\"}", "thinking.type")]
    [InlineData("\"thinking\":{\"type\":\"adaptive\",\"display\":\"loud\"}", "thinking.display")]
    [InlineData("\"output_config\":{\"effort\":\"huge\"}", "output_config.effort")]
    [InlineData("\"output_config\":{\"format\":{\"type\":\"xml\"}}", "output_config.format.type")]
    [InlineData("\"output_config\":{\"format\":{\"type\":\"json_schema\"}}", "output_config.format.schema")]
    public void A_bad_option_is_refused_by_its_path(string property, string param) =>
        Assert.Equal(param, Assert.Throws<RequestRejectedException>(() => AnthropicPlay.ReadWith(property)).Rejection.Param);

    [Theory]
    [InlineData("\"thinking\":{\"type\":\"disabled\"}", ReasoningMode.Off, ReasoningLevel.None, 0, ReasoningShow.Hidden)]
    [InlineData("\"thinking\":{\"type\":\"between_tools\"}", ReasoningMode.Off, ReasoningLevel.None, 0, ReasoningShow.Hidden)]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4096}", ReasoningMode.Budget, ReasoningLevel.None, 4096, ReasoningShow.Shown)]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4096,\"display\":\"omitted\"}", ReasoningMode.Budget, ReasoningLevel.None, 4096, ReasoningShow.SignatureOnly)]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"}", ReasoningMode.Dynamic, ReasoningLevel.None, 0, ReasoningShow.Shown)]
    [InlineData("\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"},\"output_config\":{\"effort\":\"xhigh\"}", ReasoningMode.Level, ReasoningLevel.XHigh, 0, ReasoningShow.Shown)]
    [InlineData("\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"},\"output_config\":{\"effort\":\"low\"}", ReasoningMode.Level, ReasoningLevel.Low, 0, ReasoningShow.SignatureOnly)]
    [InlineData("\"output_config\":{\"effort\":\"max\"}", ReasoningMode.Level, ReasoningLevel.Max, 0, ReasoningShow.Default)]
    [InlineData("\"thinking\":null", ReasoningMode.Default, ReasoningLevel.None, 0, ReasoningShow.Default)]
    public void Thinking_is_read_in_every_form(string property, ReasoningMode mode, ReasoningLevel level, long budget, ReasoningShow show) =>
        Assert.Equal(new ReasoningAsk(mode, level, budget, show), AnthropicPlay.ReadWith(property).Reasoning);

    [Fact]
    public void Pitfall_085_an_explicit_off_is_not_the_same_as_nothing()
    {
        Assert.Equal(ReasoningMode.Off, AnthropicPlay.ReadWith("\"thinking\":{\"type\":\"disabled\"}").Reasoning.Mode);
        Assert.Equal(ReasoningMode.Default, AnthropicPlay.ReadWith("\"stream\":false").Reasoning.Mode);
    }

    [Theory]
    [InlineData("\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}}")]
    [InlineData("\"output_format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}")]
    public void A_schema_of_the_answer_is_read_in_both_forms(string property)
    {
        var format = AnthropicPlay.ReadWith(property).Format;
        Assert.Equal(OutputFormatKind.JsonSchema, format.Kind);
        Assert.Equal("{\"type\":\"object\"}", format.Schema.ToString());
    }

    [Theory]
    [InlineData("\"container\":\"c\"", "container", LossRule.Refused)]
    [InlineData("\"mcp_servers\":[{\"url\":\"x\"}]", "mcp_servers", LossRule.Refused)]
    [InlineData("\"thread\":{\"type\":\"create\"}", "thread", LossRule.Refused)]
    [InlineData("\"context_management\":{\"edits\":[]}", "context_management", LossRule.Reported)]
    [InlineData("\"fallbacks\":[]", "fallbacks", LossRule.Reported)]
    [InlineData("\"service_tier\":\"auto\"", "service_tier", LossRule.Dropped)]
    [InlineData("\"speed\":\"fast\"", "speed", LossRule.Dropped)]
    [InlineData("\"inference_geo\":\"eu\"", "inference_geo", LossRule.Dropped)]
    [InlineData("\"cache_control\":{\"type\":\"ephemeral\"}", "cache_control", LossRule.Dropped)]
    [InlineData("\"of_tomorrow\":1", "of_tomorrow", LossRule.Dropped)]
    [InlineData("\"metadata\":{\"user_id\":\"u\",\"team\":\"t\"}", "metadata.team", LossRule.Dropped)]
    [InlineData("\"output_config\":{\"task_budget\":{}}", "output_config.task_budget", LossRule.Dropped)]
    public void A_field_without_a_place_in_the_tree_has_a_rule(string property, string path, LossRule rule)
    {
        var field = Assert.Single(AnthropicPlay.ReadWith(property).Foreign);
        Assert.Equal((path, rule), (field.Path, field.Rule));
    }

    [Fact]
    public void No_MCP_servers_are_no_field() => Assert.Empty(AnthropicPlay.ReadWith("\"mcp_servers\":[]").Foreign);

    [Fact]
    public void Filling_the_cache_without_an_answer_is_nothing_other_dialects_can_do()
    {
        var request = AnthropicPlay.ReadRequest("""{"model":"m","max_tokens":0,"messages":[{"role":"user","content":"x"}]}""");
        Assert.Equal(("max_tokens", LossRule.Refused), (request.Foreign[0].Path, request.Foreign[0].Rule));
    }

    [Fact]
    public void Pitfall_115_a_count_needs_no_output_limit_and_reads_system_and_tools()
    {
        var request = AnthropicPlay.ReadRequest(
            """{"model":"m","system":"s","tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"x"}]}""", Operation.CountTokens);
        Assert.Null(request.MaxOutputTokens);
        Assert.Single(request.System);
        Assert.Single(request.Tools);
    }

    [Fact]
    public void A_tool_is_read_with_its_schema_as_it_came()
    {
        var tool = Assert.Single(AnthropicPlay.ReadWith("""
            "tools":[{"type":"custom","name":"f","description":"d","input_schema":{"type":"object", "x":1.0},"strict":true,"cache_control":{"type":"ephemeral"},"input_examples":[{}],"defer_loading":true}]
            """).Tools);
        Assert.Equal(("f", "d", "{\"type\":\"object\", \"x\":1.0}", true, "tools.0"), (tool.Name, tool.Description.Decode(), tool.Schema.ToString(), tool.Strict, tool.Path));
        Assert.True(tool.CacheControl.IsPresent);
        Assert.Equal(HostedToolKind.None, tool.HostedKind);
    }

    [Theory]
    [InlineData("web_search_20250305", HostedToolKind.WebSearch, LossRule.Reported)]
    [InlineData("web_fetch_20250910", HostedToolKind.FetchUrl, LossRule.Reported)]
    [InlineData("code_execution_20250825", HostedToolKind.CodeExecution, LossRule.Reported)]
    [InlineData("tool_search_tool_bm25_20251119", HostedToolKind.Other, LossRule.Dropped)]
    [InlineData("bash_20250124", HostedToolKind.Other, LossRule.Refused)]
    [InlineData("text_editor_20250728", HostedToolKind.Other, LossRule.Refused)]
    [InlineData("memory_20250818", HostedToolKind.Other, LossRule.Refused)]
    [InlineData("computer_20250124", HostedToolKind.Other, LossRule.Refused)]
    [InlineData("mcp_toolset", HostedToolKind.Other, LossRule.Refused)]
    public void Pitfall_090_a_built_in_tool_is_hosted_and_no_function(string type, HostedToolKind kind, LossRule rule)
    {
        var tool = Assert.Single(AnthropicPlay.ReadWith($$"""
            "tools":[{"type":"{{type}}","name":"n","max_uses":3}]
            """).Tools);
        Assert.Equal((kind, rule, "n", false), (tool.HostedKind, tool.HostedRule, tool.Name, tool.Schema.IsPresent));
        Assert.Contains("\"max_uses\":3", tool.Hosted.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"type\":\"auto\"}", ToolChoiceMode.Auto, "", null)]
    [InlineData("{\"type\":\"any\",\"disable_parallel_tool_use\":true}", ToolChoiceMode.Required, "", false)]
    [InlineData("{\"type\":\"none\"}", ToolChoiceMode.None, "", null)]
    [InlineData("{\"type\":\"tool\",\"name\":\"f\",\"disable_parallel_tool_use\":false}", ToolChoiceMode.Tool, "f", true)]
    public void A_choice_carries_the_inverse_of_the_parallel_switch(string choice, ToolChoiceMode mode, string name, bool? parallel)
    {
        var request = AnthropicPlay.ReadWith("\"tool_choice\":" + choice);
        Assert.Equal((mode, name, parallel), (request.ToolChoice.Mode, request.ToolChoice.Name, request.ParallelToolCalls));
    }

    [Fact]
    public void A_body_that_is_no_object_is_refused()
    {
        Assert.Throws<RequestRejectedException>(() => AnthropicPlay.ReadRequest("[]"));
        Assert.Throws<RequestRejectedException>(() => AnthropicPlay.ReadRequest("{"));
    }
}
