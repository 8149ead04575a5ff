using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Completion;

public class BlockLedgerTests
{
    private readonly Blocks _blocks = new();

    [Fact]
    public void Another_key_closes_text()
    {
        using var ledger = new BlockLedger(_blocks);
        Text(ledger, 0, "a");
        Text(ledger, 0, "b");
        Text(ledger, 1, "c");
        ledger.CloseAll();
        Assert.Equal("Text(ab) Text(c)", _blocks.ToString());
    }

    [Fact]
    public void Text_that_comes_back_after_it_was_closed_is_a_new_block()
    {
        using var ledger = new BlockLedger(_blocks);
        Text(ledger, 0, "a");
        Text(ledger, 1, "b");
        Text(ledger, 0, "c");
        ledger.CloseAll();
        Assert.Equal("Text(a) Text(b) Text(c)", _blocks.ToString());
    }

    [Fact]
    public void An_unfinished_call_holds_back_what_follows_in_order_of_appearance()
    {
        using var ledger = new BlockLedger(_blocks);
        Start(ledger, 0, "f");
        Arguments(ledger, 0, "{");
        Start(ledger, 1, "g");
        Text(ledger, 2, "t");
        Arguments(ledger, 1, "{}");
        Assert.Equal("ToolCall:f({", _blocks.ToString());
        Arguments(ledger, 0, "}");
        Assert.Equal("ToolCall:f({}) ToolCall:g({}) Text(t", _blocks.ToString());
        ledger.CloseAll();
        Assert.Equal("ToolCall:f({}) ToolCall:g({}) Text(t)", _blocks.ToString());
    }

    [Fact]
    public void A_complete_call_stays_open_until_another_block_has_something()
    {
        using var ledger = new BlockLedger(_blocks);
        Start(ledger, 0, "f");
        Arguments(ledger, 0, "{}");
        Assert.Equal("ToolCall:f({}", _blocks.ToString());
        Start(ledger, 1, "g");
        Assert.Equal("ToolCall:f({}) ToolCall:g(", _blocks.ToString());
    }

    [Fact]
    public void An_ended_call_closes_at_once_and_lets_the_next_out()
    {
        using var ledger = new BlockLedger(_blocks);
        Start(ledger, 0, "f");
        Start(ledger, 1, "g");
        ledger.ToolEnd(new BlockKey(1));
        Text(ledger, 2, "t");
        ledger.ToolEnd(new BlockKey(0));
        Assert.Equal("ToolCall:f() ToolCall:g() Text(t", _blocks.ToString());
    }

    [Fact]
    public void What_is_held_back_keeps_its_signature_sources_and_whole_arguments()
    {
        using var ledger = new BlockLedger(_blocks);
        Start(ledger, 0, "f");
        Text(ledger, 1, "t");
        ledger.Cite(new BlockKey(1), new Citation { Url = EscapedText.FromContent("u"u8) });
        ledger.Sign(new BlockKey(2), SignatureFamily.Gemini, EscapedText.FromContent("s"u8));
        ledger.Redacted(new BlockKey(3), SignatureFamily.Gpt, EscapedText.FromContent("d"u8));
        Start(ledger, 4, "g");
        ledger.Arguments(new BlockKey(4), RawJson.FromUtf8("[1]"u8));
        ledger.CloseAll();
        Assert.Equal("ToolCall:f() Text(t<u>) Reasoning(!Gemini s) RedactedReasoning(!Gpt d) ToolCall:g(=[1])", _blocks.ToString());
    }

    [Fact]
    public void A_signature_after_its_block_closed_is_ignored()
    {
        using var ledger = new BlockLedger(_blocks);
        ledger.Delta(new BlockKey(0), BlockKind.Reasoning, EscapedText.FromContent("r"u8));
        Text(ledger, 1, "t");
        ledger.Sign(new BlockKey(0), SignatureFamily.Claude, EscapedText.FromContent("s"u8));
        ledger.CloseAll();
        Assert.Equal("Reasoning(r) Text(t)", _blocks.ToString());
    }

    [Fact]
    public void More_than_may_be_held_back_is_a_fault_and_then_nothing_happens()
    {
        using var ledger = new BlockLedger(_blocks, maximumHeld: 1000);
        Start(ledger, 0, "f");
        Text(ledger, 1, new string('x', 2000));
        Assert.Equal(BlockLedgerFault.HeldTooMuch, ledger.Fault);
        Text(ledger, 2, "y");
        ledger.CloseAll();
        Assert.Equal("ToolCall:f(", _blocks.ToString());
    }

    [Fact]
    public void What_streams_counts_for_nothing_but_its_block()
    {
        using var ledger = new BlockLedger(_blocks, maximumHeld: 1000);
        Text(ledger, 0, new string('x', 2000));
        Assert.Equal(BlockLedgerFault.None, ledger.Fault);
        for (var i = 1; i < 20; i++)
        {
            Text(ledger, i, "y");
        }

        Assert.Equal(BlockLedgerFault.HeldTooMuch, ledger.Fault);
    }

    [Fact]
    public void Arguments_for_a_finished_call_are_a_fault_unless_they_are_white_space()
    {
        using var ledger = new BlockLedger(_blocks);
        Start(ledger, 0, "f");
        Arguments(ledger, 0, "{}");
        Text(ledger, 1, "t");
        Arguments(ledger, 0, " \\n");
        Assert.Equal(BlockLedgerFault.None, ledger.Fault);
        Arguments(ledger, 0, "x");
        Assert.Equal(BlockLedgerFault.ArgumentsAfterEnd, ledger.Fault);
    }

    private static void Text(BlockLedger ledger, int key, string text) =>
        ledger.Delta(new BlockKey(key), BlockKind.Text, EscapedText.FromContent(Encoding.UTF8.GetBytes(text)));

    private static void Start(BlockLedger ledger, int key, string name) =>
        ledger.ToolStart(new BlockKey(key), EscapedText.FromContent("id"u8), EscapedText.FromContent(Encoding.UTF8.GetBytes(name)));

    private static void Arguments(BlockLedger ledger, int key, string fragment) =>
        ledger.Arguments(new BlockKey(key), EscapedText.FromContent(Encoding.UTF8.GetBytes(fragment)));

    private sealed class Blocks : IBlockSink
    {
        private readonly StringBuilder _text = new();

        public void Open(BlockKind kind, EscapedText id, EscapedText name) =>
            _text.Append(_text.Length > 0 ? " " : "").Append(kind).Append(name.IsEmpty ? "" : ":" + name.ToString()).Append('(');

        public void Delta(EscapedText delta) => _text.Append(delta.ToString());

        public void Arguments(RawJson whole) => _text.Append('=').Append(whole.ToString());

        public void Cite(in Citation citation) => _text.Append('<').Append(citation.Url.ToString()).Append('>');

        public void Sign(SignatureFamily family, EscapedText blob) => _text.Append('!').Append(family).Append(' ').Append(blob.ToString());

        public void Close() => _text.Append(')');

        public override string ToString() => _text.ToString();
    }
}
