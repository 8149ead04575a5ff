using System.Text;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;
using Engine.Wire.Normalising;
using static Engine.Wire.Tests.Normalising.Trees;

namespace Engine.Wire.Tests.Normalising;

public sealed class MediaTests
{
    [Theory]
    [InlineData("iVBORw0KGgo=", "image/png")]
    [InlineData("/9j/4AAQSkZJRg==", "image/jpeg")]
    [InlineData("R0lGODlhAQABAA==", "image/gif")]
    [InlineData("UklGRiQAAABXRUJQVlA4", "image/webp")]
    [InlineData("UklGRiQAAABXQVZF", "audio/wav")]
    [InlineData("AAAAGGZ0eXBoZWljAAAA", "image/heic")]
    [InlineData("JVBERg==", "application/pdf")]
    [InlineData("SUQzBAA=", "audio/mpeg")]
    [InlineData("aGVsbG8=", null)]
    [InlineData("", null)]
    public void The_first_bytes_tell_the_type(string base64, string? type) => Assert.Equal(type, MediaSniffer.Sniff(EscapedSlice.FromString(base64)));

    [Fact]
    public void A_wrong_declared_type_is_overwritten_by_the_real_one()
    {
        var image = (ImagePart)Request(User(Image(Jpeg, "image/png"))).Apply(Claude).Turns[0].Parts[0];
        Assert.Equal("image/jpeg", ((MediaSource.Inline)image.Source).MimeType);
    }

    [Theory]
    [InlineData("aGk=", "aGk=")]
    [InlineData("aGk", "aGk=")]
    [InlineData("a Gk\\n=", "aGk=")]
    [InlineData("-_-_", "+/+/")]
    [InlineData("aGVs\\/w==", "aGVs\\/w==")]
    public void Base64_is_brought_into_the_standard_form(string data, string expected)
    {
        var escaped = EscapedSlice.FromContent(Encoding.UTF8.GetBytes(data));
        Assert.True(Base64Text.TryNormalise(escaped, out var normal));
        Assert.Equal(expected, normal.ToString());
        Assert.Equal(data == expected, escaped.Content.Equals(normal.Content));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a!k=")]
    [InlineData("aGkaa")]
    public void What_is_not_base64_is_told_apart(string data) => Assert.False(Base64Text.TryNormalise(EscapedSlice.FromString(data), out _));

    [Fact]
    public void A_clean_image_is_the_part_that_came()
    {
        var request = Request(User(Image()));
        Assert.Same(request.Turns, request.Apply(Claude).Turns);
    }

    [Fact]
    public void Pitfall_97_An_address_that_the_target_cannot_fetch_refuses_the_request_and_names_both()
    {
        var request = Request(User(Text("see"), ImageAt("https://example.org/a.png?key=secret")));
        var loss = Assert.Single(request.LossesOf(Gemini25), loss => loss.Rule == LossRule.Refused);
        Assert.Equal("messages[0]", loss.Path);
        Assert.Contains("cannot fetch", loss.Why, StringComparison.Ordinal);
        Assert.Contains("https://example.org/a.png", loss.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", loss.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(request.LossesOf(Claude), each => each.Rule == LossRule.Refused);
    }

    [Theory]
    [InlineData("R0lGODlhAQABAA==", "image/gif")]
    [InlineData("not base64!", "image/png")]
    public void An_image_that_the_model_does_not_take_refuses_the_request(string data, string type) =>
        Assert.Contains("messages[0]:Refused", Request(User(Image(data, type))).LossNames(Gemini25));

    [Fact]
    public void A_text_model_refuses_images_and_says_so()
    {
        var loss = Assert.Single(Request(User(Image())).LossesOf(Kimi), loss => loss.Rule == LossRule.Refused);
        Assert.Contains("text only", loss.Why, StringComparison.Ordinal);
        Assert.Contains("target-model", loss.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_vendor_refuses_the_request()
    {
        var stored = new MediaSource.Stored(EscapedSlice.FromString("file_1"));
        Assert.Contains("messages[0]:Refused", Request(User(new ImagePart(stored))).LossNames(Claude));
        Assert.Contains("messages[0]:Refused", Request(User(new DocumentPart(stored))).LossNames(Claude));
    }

    [Fact]
    public void A_text_document_stays_one_or_becomes_text()
    {
        var plain = new DocumentPart(new MediaSource.PlainText(EscapedSlice.FromString("a\nb"))) { Name = EscapedSlice.FromString("no\"tes.txt"), Context = EscapedSlice.FromString("about") };
        var base64 = new DocumentPart(new MediaSource.Inline("text/markdown", EscapedSlice.FromString(Convert.ToBase64String("# é"u8))));
        var request = Request(User(plain, base64));
        Assert.Equal("user: \"<document name=\\\"no'tes.txt\\\">about\\na\\nb</document>\" + \"<document># é</document>\"\n", RequestText.Turns(request.Apply(Gpt)));
        Assert.Equal("user: document(text/plain \"a\\nb\" no\\\"tes.txt about) + document(text/markdown \"# é\"  )\n", RequestText.Turns(request.Apply(Claude)));
        Assert.Contains("messages[0]:Emulated", request.LossNames(Gpt));
    }

    [Theory]
    [InlineData("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "UEsDBBQ=")]
    [InlineData("text/plain", "/////w==")]
    public void A_document_that_cannot_be_read_refuses_the_request(string type, string data) =>
        Assert.Contains("messages[0]:Refused", Request(User(new DocumentPart(new MediaSource.Inline(type, EscapedSlice.FromString(data))))).LossNames(Claude));

    [Fact]
    public void Pdf_by_address_and_inline_follow_the_rules_of_the_model()
    {
        var inline = Request(User(new DocumentPart(new MediaSource.Inline("application/octet-stream", EscapedSlice.FromString(Pdf)))));
        Assert.Equal("application/pdf", ((MediaSource.Inline)((DocumentPart)inline.Apply(Claude).Turns[0].Parts[0]).Source).MimeType);
        Assert.Contains("messages[0]:Refused", inline.LossNames(Kimi));
        var address = Request(User(new DocumentPart(new MediaSource.Url(EscapedSlice.FromString("https://example.org/a.pdf")))));
        Assert.IsType<DocumentPart>(address.Apply(Claude).Turns[0].Parts[0]);
        Assert.Contains("messages[0]:Refused", address.LossNames(Gemini25));
    }

    [Fact]
    public void Sound_and_video_go_only_where_they_are_heard_and_seen()
    {
        var sound = Request(User(new AudioPart(new MediaSource.Inline("audio/mp3", EscapedSlice.FromString("//uQZA==")))));
        Assert.Equal("audio/mpeg", ((MediaSource.Inline)((AudioPart)sound.Apply(Gemini25).Turns[0].Parts[0]).Source).MimeType);
        Assert.Contains("messages[0]:Refused", sound.LossNames(Claude));
        var video = Request(User(new VideoPart(new MediaSource.Url(EscapedSlice.FromString("https://youtu.be/x")))));
        Assert.IsType<VideoPart>(video.Apply(Gemini25).Turns[0].Parts[0]);
        Assert.Contains("messages[0]:Refused", video.LossNames(Gpt));
    }

    [Fact]
    public void An_image_of_the_model_moves_to_the_next_user_turn_behind_its_results()
    {
        var request = Request(User("a"), Assistant(Image(), Call("x")), User(Result("x"), Text("b")), Assistant(Image()));
        var turns = request.Apply(Claude).Turns;
        Assert.IsType<ToolCallPart>(Assert.Single(turns[1].Parts));
        Assert.IsType<ToolResultPart>(turns[2].Parts[0]);
        Assert.Equal("[image produced by assistant]", ((TextPart)turns[2].Parts[1]).Text.Decode());
        Assert.IsType<ImagePart>(turns[2].Parts[2]);
        Assert.Equal(6, turns[2].Parts.Count);
        Assert.IsType<ImagePart>(request.Apply(Gemini25).Turns[1].Parts[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pitfalls_95_and_96_Media_in_a_tool_result_is_kept(bool isPdf)
    {
        Part medium = isPdf ? new DocumentPart(new MediaSource.Inline("application/pdf", EscapedSlice.FromString(Pdf))) : Image();
        var request = Request(User("a"), Assistant(Call("x"), Call("y")), User(Result("x", medium), Result("y", Text("done"), medium), Text("go on")));

        Assert.Same(request.Turns, request.Apply(Claude).Turns);

        var parts = request.Apply(Gpt).Turns[2].Parts;
        Assert.Equal("[see attached]", ((TextPart)((ToolResultPart)parts[0]).Content[0]).Text.Decode());
        Assert.Equal("done", ((TextPart)((ToolResultPart)parts[1]).Content[0]).Text.Decode());
        Assert.Equal("Attachments of tool call x:", ((TextPart)parts[2]).Text.Decode());
        Assert.Same(medium, parts[3]);
        Assert.Equal("Attachments of tool call y:", ((TextPart)parts[4]).Text.Decode());
        Assert.Same(medium, parts[5]);
        Assert.Equal("go on", ((TextPart)parts[6]).Text.Decode());

        // Where ids are never sent the model is told the tool.
        Assert.Equal("Attachments of tool call f:", ((TextPart)request.Apply(Gemini25).Turns[3].Parts[0]).Text.Decode());
    }

    [Fact]
    public void History_of_hosted_tools_becomes_its_substitute_or_goes()
    {
        var searched = new OpaquePart("messages[1].content[0]", JsonSlice.FromString("{}"), LossRule.Emulated, EscapedSlice.FromString("[searched: x]"));
        var withheld = new OpaquePart("messages[1].content[1]", JsonSlice.FromString("{}"), LossRule.Reported, default);
        var request = Request(User("a"), Assistant(searched, withheld, Text("b")), User("c"));
        Assert.Equal("assistant: \"[searched: x]\" + \"b\"", RequestText.Turns(request.Apply(Claude)).Split('\n')[1]);
        Assert.Contains("messages[1].content[1]:Reported", request.LossNames(Claude));
    }
}
