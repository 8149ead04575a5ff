using System.Globalization;
using System.Text;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Normalising;

namespace Engine.Benchmarks.Pairs;

/// <summary>A coding agent's request: 68 KB, 60 turns, 20 tools.</summary>
public static class LongConversation
{
    private const int Turns = 60;
    private const int Tools = 20;
    private const int TextLength = 870;

    /// <summary>The request in OpenAI Chat's form.</summary>
    public static byte[] Body { get; } = Build();

    /// <summary>Reads the request, makes it fit for another dialect and writes it; answers the length of the body.</summary>
    public static long Convert(string upstream)
    {
        var dialect = DeltaStream.Upstream(upstream);
        var model = upstream switch { "anthropic" => "claude-sonnet-4-5", "gemini" => "gemini-3.5-flash", _ => "gpt-4.1" };
        var losses = new LossLedger();
        var request = DeltaStream.Client("openai-chat").ReadRequest(new ClientRequest { Body = Body }, Operation.Generate);
        var normalised = Normaliser.Apply(request, dialect.CapabilitiesOf(model), model, losses).Request;
        using var written = dialect.WriteRequest(normalised, model, Operation.Generate, losses);
        return written.Body.Length;
    }

    private static byte[] Build()
    {
        var json = new StringBuilder("{\"model\":\"m\",\"stream\":true,\"max_completion_tokens\":4096,\"messages\":[{\"role\":\"system\",\"content\":\"You are a careful engineer.\"}");
        var text = string.Concat(Enumerable.Repeat("the quick brown fox \\\"jumps\\\" over\\n", TextLength / 35));
        for (var turn = 0; turn < Turns; turn++)
        {
            json.Append((turn % 3) switch
            {
                0 => $",{{\"role\":\"user\",\"content\":\"{text}\"}}",
                1 => string.Create(CultureInfo.InvariantCulture, $",{{\"role\":\"assistant\",\"content\":\"{text}\",\"tool_calls\":[{{\"id\":\"call_{turn}\",\"type\":\"function\",\"function\":{{\"name\":\"tool_{turn % Tools}\",\"arguments\":\"{{\\\"path\\\":\\\"src/a.cs\\\",\\\"line\\\":12}}\"}}}}]}}"),
                _ => string.Create(CultureInfo.InvariantCulture, $",{{\"role\":\"tool\",\"tool_call_id\":\"call_{turn - 1}\",\"content\":\"{text}\"}}"),
            });
        }

        json.Append(",{\"role\":\"user\",\"content\":\"Go on.\"}],\"tools\":[");
        for (var tool = 0; tool < Tools; tool++)
        {
            json.Append(tool == 0 ? "" : ",");
            json.Append(CultureInfo.InvariantCulture, $"{{\"type\":\"function\",\"function\":{{\"name\":\"tool_{tool}\",\"description\":\"Reads or changes a file of the project, line by line.\",\"parameters\":{{\"type\":\"object\",\"properties\":{{\"path\":{{\"type\":\"string\",\"description\":\"Where the file lies, below the root of the project.\"}},\"line\":{{\"type\":\"integer\"}},\"mode\":{{\"type\":\"string\",\"enum\":[\"read\",\"write\"]}},\"tags\":{{\"type\":\"array\",\"items\":{{\"type\":\"string\"}}}}}},\"required\":[\"path\"]}}}}}}");
        }

        return Encoding.UTF8.GetBytes(json.Append("]}").ToString());
    }
}
